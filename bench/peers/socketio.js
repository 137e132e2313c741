// Sends each message back, or to all, in the words of Socket.IO's own documents. Its folder comes first.
const { Server } = require(process.argv[2])
const server = require('http').createServer()
// Over WebSocket from the start, and with no ping while it is measured: nobody else asks whether clients live.
const io = new Server(server, { transports: ['websocket'], pingInterval: 1_000_000_000 })
const echoes = process.argv[3] === 'echo'

io.on('connection', socket => {
  socket.on('m', message => {
    if (echoes) socket.emit('m', message)
    else io.emit('m', message)
  })
})
require('./control')(server, Number(process.argv[4]))
