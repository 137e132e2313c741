// Greets, or sends back the body that comes, in Node's own words.
const http = require('http')
const GREETING = 'Hello, World!'
const server = http.createServer((request, response) => {
  if (request.method === 'POST') {
    const parts = []
    request.on('data', part => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts)
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length })
      response.end(body)
    })
  } else {
    response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': GREETING.length })
    response.end(GREETING)
  }
})
server.keepAliveTimeout = 600_000
module.exports = server
if (require.main === module) require('./control')(server, Number(process.argv[2]))
