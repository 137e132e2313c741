// Serves the files of a folder with Express. Its own folder comes first.
const express = require(process.argv[2])
const app = express()
app.disable('x-powered-by')
app.use(express.static(process.argv[3]))
const server = require('http').createServer(app)
server.keepAliveTimeout = 600_000
require('./control')(server, Number(process.argv[4]))
