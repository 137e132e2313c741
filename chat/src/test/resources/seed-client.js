// A chat client as the course publishes it: bare JSON in each write, each 'data' event taken for one message.
const net = require('net');

let nickname = null;

const client = net.createConnection({ host: '127.0.0.1', port: Number(process.argv[2]) });

client.on('connect', () => {
  process.stdout.write('请输入昵称：');
  process.stdin.on('data', data => {
    data = data.toString().trim();
    if (!nickname) {
      return client.write(JSON.stringify({ type: 'login', nickname: data }));
    }
    const matches = /^@(\w+)\s(.+)$/.exec(data);
    if (matches) {
      return client.write(JSON.stringify({ type: 'p2p', nickname: matches[1], message: matches[2] }));
    }
    client.write(JSON.stringify({ type: 'broadcast', message: data }));
  });
});

client.on('data', data => {
  data = JSON.parse(data.toString().trim());
  switch (data.type) {
    case 'login':
      if (!data.success) {
        console.log(`登录失败：${data.message}`);
      } else {
        console.log(`登录成功，当前在线用户：${data.sumUsers}`);
        nickname = data.nickname;
      }
      break;
    case 'broadcast':
      console.log(`${data.nickname}: ${data.message}`);
      break;
    case 'p2p':
      if (!data.success) {
        return console.log(`发送失败：${data.message}`);
      }
      console.log(`${data.nickname} 对你说：${data.message}`);
      break;
    case 'log':
      console.log(data.message);
      break;
    default:
      console.log('未知的消息类型');
      break;
  }
});

client.on('end', () => {
  console.log('与服务器的连接已断开');
  process.exit(0);
});
