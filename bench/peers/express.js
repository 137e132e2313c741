// An app of a hundred routes in Express. The arguments: the package's folder, the port.
process.env.NODE_ENV = 'production'
const express = require(process.argv[2])
const app = express()
app.get('/', (request, response) => response.type('text/plain').send('Hello, World!'))
for (let i = 0; i < 50; i++) {
  app.get(`/api/v1/resource${i}`, (request, response) => response.json({}))
  app.get(`/api/v1/resource${i}/:id`, (request, response) => response.json({ id: request.params.id }))
}
const server = require('http').createServer(app)
server.keepAliveTimeout = 600_000
require('./control')(server, Number(process.argv[3]))
