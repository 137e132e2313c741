// Sends each message back, or to all, in the words of ws's own README. Its folder comes first.
const { WebSocketServer, WebSocket } = require(process.argv[2])
const server = require('http').createServer()
const sockets = new WebSocketServer({ server })
const echoes = process.argv[3] === 'echo'

sockets.on('connection', socket => {
  socket.on('error', () => {})
  socket.on('message', (data, isBinary) => {
    if (echoes) return socket.send(data, { binary: isBinary })
    sockets.clients.forEach(client => {
      if (client.readyState === WebSocket.OPEN) client.send(data, { binary: isBinary })
    })
  })
})
require('./control')(server, Number(process.argv[4]))
