// Greets, or sends 100 KiB, over HTTP/2 without TLS, in Node's own words.
const http2 = require('http2')
const GREETING = 'Hello, World!'
const LARGE = Buffer.alloc(100 * 1024)
const server = http2.createServer((request, response) => {
  const body = request.url === '/large' ? LARGE : GREETING
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': body.length })
  response.end(body)
})
require('./control')(server, Number(process.argv[2]))
