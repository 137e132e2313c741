// A chat room as Socket.IO's users write it: each nickname once, and what one says goes to all. Its folder comes first.
const { Server } = require(process.argv[2])
const server = require('http').createServer()
const io = new Server(server, { transports: ['websocket'], pingInterval: 1_000_000_000 })
const nicknames = new Set()

io.on('connection', socket => {
  socket.on('login', nickname => {
    if (nicknames.has(nickname)) return socket.emit('login', { success: false, message: '昵称已重复' })
    nicknames.add(nickname)
    socket.data.nickname = nickname
    const sumUsers = nicknames.size
    socket.emit('login', { success: true, message: '登录成功', nickname, sumUsers })
    socket.to('room').emit('log', { message: `${nickname} 进入了聊天室，当前在线人数：${sumUsers}` })
    socket.join('room')
  })
  socket.on('broadcast', message => {
    const { nickname } = socket.data
    if (nickname) io.to('room').emit('broadcast', { nickname, message })
  })
  socket.on('disconnect', () => {
    const { nickname } = socket.data
    if (!nicknames.delete(nickname)) return
    io.to('room').emit('log', { message: `${nickname} 离开了聊天室，当前在线人数：${nicknames.size}` })
  })
})
require('./control')(server, Number(process.argv[3]))
