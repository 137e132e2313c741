// An app of a hundred routes in Fastify. The arguments: the package's folder, the port.
process.env.NODE_ENV = 'production'
const fastify = require(process.argv[2])({ keepAliveTimeout: 600_000 })
fastify.get('/', (request, reply) => reply.type('text/plain').send('Hello, World!'))
for (let i = 0; i < 50; i++) {
  fastify.get(`/api/v1/resource${i}`, (request, reply) => reply.send({}))
  fastify.get(`/api/v1/resource${i}/:id`, (request, reply) => reply.send({ id: request.params.id }))
}
fastify.ready().then(() => require('./control')(fastify.server, Number(process.argv[3])))
