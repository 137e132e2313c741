// The apps of the comparison, as Express has them: each listens on a port of its own.
'use strict';
process.env.NODE_ENV = 'production';
const express = require('express');
const cookieParser = require('cookie-parser');
const compression = require('compression');
const cors = require('cors');

const tell = at => (req, res) => res.json({
  at, params: req.params, url: req.url, baseUrl: req.baseUrl, originalUrl: req.originalUrl, path: req.path,
});
const quiet = app => app.disable('x-powered-by');
const apps = {};

{
  const app = apps.routes = quiet(express());
  app.get('/', tell('root'));
  app.get('/plain', tell('plain'));
  app.post('/plain', tell('post'));
  app.get('/users/:id', tell('user'));
  app.get('/users/me', tell('me'));
  app.get('/flights/:from-:to', tell('flight'));
  app.get('/ab-:c.:d', tell('several'));
  app.get('/files/*path', tell('files'));
  app.get('/any{/*rest}', tell('any'));
  app.get('/opt{/:x}', tell('optional'));
  app.get('/report{.:format}', tell('format'));
  app.get('/deep{/:a{/:b}}/end', tell('deep'));
  app.get('/two/*a/mid/*b', tell('two'));
  app.get('/q/:"a-b"', tell('quoted'));
  app.get('/esc\\(x\\)', tell('escaped'));
  app.get('/mix/:a/:b.:c', tell('mix'));
  app.get('/v:major.:minor/x', tell('version'));
  app.get('/tail/', tell('tail'));
  app.get('/UPPER/Case', tell('upper'));
  app.get('/wild-*w', tell('wildInSegment'));
  app.get('/a/:x/b', tell('axb'));
  app.get('/a/y/:z', tell('ayz'));
  app.all('/all', tell('all'));
  app.route('/book').get(tell('book')).put(tell('putBook'));
  app.head('/head', (req, res) => res.set('X-Head', 'own').end());
  app.get('/head', tell('head'));
  app.options('/own-options', (req, res) => res.send('own'));
  app.delete('/only-delete', tell('deleted'));
}
{
  const app = apps.strict = quiet(express());
  app.enable('strict routing');
  app.enable('case sensitive routing');
  app.get('/', tell('root'));
  app.get('/Users', tell('users'));
  app.get('/with/', tell('with'));
  app.get('/files/*path', tell('files'));
}
{
  const app = apps.mounts = quiet(express());
  const router = express.Router();
  router.get('/', tell('router root'));
  router.get('/x', tell('router x'));
  router.get('/p/:id', tell('router p'));
  router.use('/deep', (req, res, next) => { res.set('X-Deep', req.baseUrl + '|' + req.url); next(); });
  router.get('/deep/y', tell('deep y'));
  app.use('/m', router);
  const plain = express.Router();
  plain.get('/show', tell('no merge'));
  app.use('/plain/:pid', plain);
  const merging = express.Router({mergeParams: true});
  merging.get('/show/:id', tell('merge'));
  app.use('/merge/:pid', merging);
  app.use('/use/:a', (req, res) => tell('use')(req, res));
  const leaving = express.Router();
  leaving.get('/route', (req, res, next) => next('route'), tell('never'));
  leaving.get('/route', tell('second route'));
  leaving.get('/router', (req, res, next) => next('router'));
  leaving.get('/router', tell('never'));
  leaving.get('/fails', () => { throw new Error('inside'); });
  leaving.get('/later', async () => { throw Object.assign(new Error('later'), {status: 503}); });
  app.use('/leave', leaving);
  app.get('/leave/router', tell('behind the router'));
  const order = [];
  app.use('/order', (req, res, next) => { res.locals.order = ['first']; next(); });
  app.use('/order', (req, res, next) => { res.locals.order.push('second'); next(); });
  app.get('/order/x', (req, res) => res.json(res.locals.order));
  app.param('uid', (req, res, next, value) => {
    res.append('X-Param', value);
    if (value === 'bad') next(Object.assign(new Error('bad uid'), {status: 422}));
    else next();
  });
  app.get('/uid/:uid', (req, res, next) => next());
  app.get('/uid/:uid', tell('uid'));
  app.use((err, req, res, next) => {
    if (req.path.startsWith('/leave')) res.status(err.status || 500).send('handled ' + err.message);
    else next(err);
  });
  const handled = express.Router();
  handled.get('/x', (req, res, next) => next(new Error('in x')));
  handled.use((err, req, res, next) => next());
  handled.get('/x', tell('recovered'));
  app.use('/handled', handled);
}
{
  const app = apps.res = quiet(express());
  app.use(cookieParser(['secret', 'older']));
  app.get('/text', (req, res) => res.send('text'));
  app.get('/typed', (req, res) => res.type('txt').send('plain é'));
  app.get('/own-type', (req, res) => { res.setHeader('Content-Type', 'text/x-own'); res.send('own'); });
  app.get('/bytes', (req, res) => res.send(Buffer.from([1, 2, 3])));
  app.get('/json', (req, res) => res.json({a: 1, b: [true, null], c: 'é<&'}));
  app.get('/list', (req, res) => res.json([1, 2.5, 'x']));
  app.get('/null', (req, res) => res.json(null));
  app.get('/string', (req, res) => res.json('x'));
  app.get('/number', (req, res) => res.json(5));
  app.get('/created', (req, res) => res.status(201).json({id: 7}));
  app.get('/status', (req, res) => res.sendStatus(404));
  app.get('/status-odd', (req, res) => res.sendStatus(599));
  app.get('/no-content', (req, res) => res.status(204).send('dropped'));
  app.get('/redirect', (req, res) => res.redirect('/elsewhere?a=1&b=<c>'));
  app.get('/redirect-301', (req, res) => res.redirect(301, 'https://example.org/ü"x'));
  app.get('/location', (req, res) => res.location('/a b').end());
  app.get('/etag', (req, res) => res.set('ETag', '"own"').send('x'));
  app.get('/modified', (req, res) => res.set('Last-Modified', 'Tue, 15 Nov 1994 12:45:26 GMT').send('x'));
  app.get('/vary', (req, res) => res.vary('Accept').vary('accept').vary('Origin').send('x'));
  app.get('/vary-all', (req, res) => res.vary('Accept').vary('*').vary('Origin').send('x'));
  app.get('/links', (req, res) => res.links({next: '/p?page=2', last: '/p?page=9'}).send('x'));
  app.get('/cookie', (req, res) => res.cookie('a', 'b c;').send('x'));
  app.get('/cookie-all', (req, res) => res.cookie('n', 'é=1', {domain: 'example.org', path: '/x', httpOnly: true,
    secure: true, partitioned: true, priority: 'high', sameSite: 'none', expires: new Date(0)}).send('x'));
  app.get('/cookies-two', (req, res) => res.cookie('a', '1').cookie('b', '2', {sameSite: 'lax'}).send('x'));
  app.get('/cookie-signed', (req, res) => res.cookie('s', 'tobi', {signed: true}).send('x'));
  app.get('/cookie-clear', (req, res) => res.clearCookie('a').send('x'));
  app.get('/cookies', (req, res) => res.json(req.cookies));
  app.get('/signed', (req, res) => res.json(typeof req.signedCookies.s === 'string' ? req.signedCookies.s : null));
  app.get('/format', (req, res) => res.format({
    text: () => res.send('text'), html: () => res.send('<p>html</p>'), json: () => res.json({at: 'json'})}));
  app.get('/accepts', (req, res) => res.json(req.accepts('html', 'json', 'text/plain') || null));
  app.get('/encodings', (req, res) => res.json(req.acceptsEncodings('br', 'gzip', 'identity') || null));
  app.get('/languages', (req, res) => res.json(req.acceptsLanguages('en', 'de-AT', 'zh') || null));
  app.get('/charsets', (req, res) => res.json(req.acceptsCharsets('utf-8', 'iso-8859-1') || null));
  app.get('/query', (req, res) => res.json(req.query));
  app.get('/about', (req, res) => res.json({hostname: req.hostname ?? null, protocol: req.protocol,
    secure: req.secure, xhr: req.xhr, ip: req.ip.replace('::ffff:', ''), ips: req.ips}));
  app.post('/is', (req, res) => res.json(['json', 'html', 'text/*', '+json', 'application/xml'].filter(t => req.is(t))));
  app.get('/fails', () => { throw new Error('inside'); });
  app.get('/fails-409', () => { throw Object.assign(new Error('conflict'), {status: 409}); });
  app.get('/fails-status', (req, res) => { res.status(418); throw new Error('teapot'); });
  app.get('/append', (req, res) => { res.append('X-A', '1'); res.append('X-A', '2'); res.send('x'); });
}
{
  const app = apps.proxied = quiet(express());
  app.set('trust proxy', 'loopback');
  app.get('/about', (req, res) => res.json({hostname: req.hostname ?? null, protocol: req.protocol,
    secure: req.secure, xhr: req.xhr, ip: req.ip.replace('::ffff:', ''), ips: req.ips}));
}
{
  const app = apps.body = quiet(express());
  app.use(express.json());
  app.use(express.urlencoded({extended: false}));
  app.use(express.text());
  app.use(express.raw());
  app.post('/', (req, res) => res.json(
    Buffer.isBuffer(req.body) ? {raw: req.body.toString('hex')} : {body: req.body === undefined ? null : req.body}));
  apps.small = quiet(express());
  apps.small.use(express.json({limit: 20}), express.urlencoded({limit: 20, parameterLimit: 3, extended: false}));
  apps.small.post('/', (req, res) => res.json({body: req.body === undefined ? null : req.body}));
  apps.loose = quiet(express());
  apps.loose.use(express.json({strict: false, type: 'application/*+json'}));
  apps.loose.post('/', (req, res) => res.json({body: req.body === undefined ? null : req.body}));
}
{
  const pages = app => {
    app.get('/', (req, res) => res.send('x'));
    app.put('/', (req, res) => res.send('put'));
    app.options('/', (req, res) => res.send('options'));
    return app;
  };
  const any = apps.cors = quiet(express());
  any.use(cors());
  pages(any);
  const some = apps.corsSome = quiet(express());
  some.use(cors({origin: ['https://a.example', 'https://b.example'], credentials: true, maxAge: 600,
    allowedHeaders: ['X-A', 'X-B'], exposedHeaders: ['X-C'], methods: ['GET', 'PUT']}));
  pages(some);
}
{
  const app = apps.compressed = quiet(express());
  app.use(compression());
  app.get('/big', (req, res) => res.type('txt').send('abc '.repeat(1000)));
  app.get('/small', (req, res) => res.type('txt').send('abc'));
  app.get('/image', (req, res) => res.type('image/png').send(Buffer.alloc(5000)));
  app.get('/kept', (req, res) => res.set('Cache-Control', 'no-transform').type('txt').send('abc '.repeat(1000)));
  app.get('/strong', (req, res) => res.set('ETag', '"s"').type('txt').send('abc '.repeat(1000)));
  app.get('/stream', (req, res) => { res.type('txt'); res.write('abc '.repeat(500)); res.end('end'); });
}

const ports = {};
let waiting = Object.keys(apps).length;
for (const [name, app] of Object.entries(apps)) {
  const server = require('node:http').createServer(app).listen(0, '127.0.0.1', () => {
    ports[name] = server.address().port;
    if (--waiting === 0) {
      console.log(process.version + ' ' + require('express/package.json').version + ' '
          + Object.entries(ports).map(([app, port]) => app + '=' + port).join(' '));
    }
  });
}
process.stdin.resume();
process.stdin.on('end', () => process.exit());
