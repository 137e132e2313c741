// Sends datagrams back, in Node's own words, or counts them and answers an empty one with their number.
const socket = require('dgram').createSocket('udp4')
let count = 0

if (process.argv[2] === 'echo') {
  socket.on('message', (message, remote) => socket.send(message, remote.port, remote.address))
} else {
  socket.on('message', (message, remote) => {
    if (message.length > 0) count++
    else socket.send(String(count), remote.port, remote.address)
  })
}

// What control.js calls of a server.
socket.listen = (port, address, listener) => socket.bind(port, address, listener)
require('./control')(socket, Number(process.argv[3]))
