// How the bench talks to a server: the port goes out on standard output, "gc" comes in, and the end of standard input
// is the end of the server.
module.exports = (server, port) => {
  server.listen(port, '127.0.0.1', () => console.log(`port ${server.address().port}`))
  process.stdin.setEncoding('utf8')
  process.stdin.on('data', () => {
    if (global.gc) global.gc()
    console.log('collected')
  })
  process.stdin.on('end', () => process.exit(0))
}
