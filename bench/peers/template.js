// Renders a page with npm's art-template for some seconds: node template.js FOLDER_OF_ART_TEMPLATE TEMPLATES PAGE SECONDS
process.env.NODE_ENV = 'production';
const path = require('path');
const template = require(process.argv[2]);
const [templates, page, seconds] = process.argv.slice(3);

const rows = [];
for (let id = 0; id < 100; id++) {
  rows.push({ id, name: id % 10 === 0 ? `Fish & "Chips" <${id}>` : `Product number ${id}`, price: id * 1.25, active: id % 3 === 0 });
}
const data = { title: 'Products', user: 'Ann', rows, few: rows.slice(0, 10) };
// Nothing is minified anywhere: only rendering is measured.
const render = template.compile({ filename: path.join(templates, page + '.art'), root: templates, minimize: false });

function pages(time) {
  const begin = process.hrtime.bigint();
  const end = begin + BigInt(Math.round(time * 1e9));
  let count = 0;
  let now;
  do {
    // The text is asked for its bytes, as a server does: until then it is a rope of pieces.
    for (let i = 0; i < 20; i++, count++) if (Buffer.from(render(data), 'latin1').length < 500) throw new Error('no page');
    now = process.hrtime.bigint();
  } while (now < end);
  return count / (Number(now - begin) / 1e9);
}

pages(Number(seconds));
console.log(pages(Number(seconds)).toFixed(1));
