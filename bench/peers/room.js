// The chat room of the course: an array of sockets, and a broadcast is a write to each. Two things are added so that it
// survives load: it frames by line, and it ends nobody's room when a connection breaks. One is kinder to Node than the
// course is: a message becomes JSON once and not once for each receiver.
const net = require('net')
const users = []

const server = net.createServer(socket => {
  let rest = ''
  socket.setEncoding('utf8')
  socket.on('error', () => {})
  socket.on('data', data => {
    const lines = (rest + data).split('\n')
    rest = lines.pop()
    for (const line of lines) receive(socket, JSON.parse(line))
  })
  socket.on('close', () => {
    const index = users.indexOf(socket)
    if (index < 0) return
    users.splice(index, 1)
    send(users, { type: 'log', message: `${socket.nickname} 离开了聊天室，当前在线人数：${users.length}` })
  })
})

function receive(socket, data) {
  switch (data.type) {
    case 'login': {
      if (users.find(user => user.nickname === data.nickname)) {
        return send([socket], { type: 'login', success: false, message: '昵称已重复' })
      }
      socket.nickname = data.nickname
      const others = users.slice()
      users.push(socket)
      const sumUsers = users.length
      send([socket], { type: 'login', success: true, message: '登录成功', nickname: data.nickname, sumUsers })
      return send(others, { type: 'log', message: `${data.nickname} 进入了聊天室，当前在线人数：${sumUsers}` })
    }
    case 'broadcast':
      return send(users, { type: 'broadcast', nickname: socket.nickname, message: data.message })
    case 'p2p': {
      const user = users.find(user => user.nickname === data.nickname)
      if (!user) return send([socket], { type: 'p2p', success: false, message: '该用户不存在' })
      return send([user], { type: 'p2p', success: true, nickname: socket.nickname, message: data.message })
    }
  }
}

function send(receivers, message) {
  const line = JSON.stringify(message) + '\n'
  receivers.forEach(user => user.write(line))
}

require('./control')(server, Number(process.argv[2]))
