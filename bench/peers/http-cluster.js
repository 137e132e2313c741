// The server of http.js in two processes that share a port.
const cluster = require('cluster')
const WORKERS = 2
if (cluster.isPrimary) {
  let listening = 0
  cluster.on('listening', () => {
    if (++listening === WORKERS) console.log(`port ${process.argv[2]}`)
  })
  for (let i = 0; i < WORKERS; i++) cluster.fork()
  process.stdin.resume().on('end', () => process.exit(0))
} else {
  require('./http').listen(Number(process.argv[2]), '127.0.0.1')
}
