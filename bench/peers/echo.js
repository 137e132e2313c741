// Sends back what comes, in Node's own words.
const net = require('net')
const server = net.createServer(socket => {
  socket.on('error', () => {})
  socket.pipe(socket)
})
require('./control')(server, Number(process.argv[2]))
