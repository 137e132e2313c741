// Greets over TLS, or sends a large body, in Node's own words: https.js FOLDER PORT.
const https = require('https')
const fs = require('fs')
const { Readable } = require('stream')
const [folder, port] = process.argv.slice(2)
const GREETING = 'Hello, World!'
const PIECE = Buffer.alloc(64 * 1024)
const PIECES = (1 << 30) / PIECE.length
const server = https.createServer({
  cert: fs.readFileSync(folder + '/server.pem'),
  key: fs.readFileSync(folder + '/server.key'),
}, (request, response) => {
  if (request.url === '/gigabyte') {
    response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': 1 << 30 })
    let left = PIECES
    new Readable({ read() { this.push(left-- > 0 ? PIECE : null) } }).pipe(response)
  } else {
    response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': GREETING.length })
    response.end(GREETING)
  }
})
server.keepAliveTimeout = 600_000
require('./control')(server, Number(port))
