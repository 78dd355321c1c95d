// Records what osc-js sends over a WebSocket, request and frames: node osc_js.mjs (osc-js 2.4.1, npm install osc-js).
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { writeFileSync } from 'node:fs';
import OSC from 'osc-js';

const chunks = [];
const server = createServer((socket) => {
  socket.on('data', (chunk) => {
    const key = /Sec-WebSocket-Key: (\S+)/i.exec(chunk.toString('latin1'));
    chunks.push(chunk);
    if (key) {
      const accept = createHash('sha1').update(key[1] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
        + `Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
    }
  });
});
server.listen(8080, '127.0.0.1', () => {
  const osc = new OSC({ plugin: new OSC.WebsocketClientPlugin({ host: '127.0.0.1', port: 8080 }) });
  osc.on('open', () => {
    osc.send(new OSC.Message('/layers/a/amount', 1));
    osc.send(new OSC.Message('/layers/a/amount', 0.25));
    osc.send(new OSC.Message('/layers/a/at', 3, 0.5));
    osc.send(new OSC.Message('/layers/a/on', true));
    osc.send(new OSC.Message('/show', 'silk'));
    osc.send(new OSC.Message('/trigger'));
    osc.send(new OSC.Bundle([new OSC.Message('/trigger', 1), new OSC.Message('/trigger', 0)]));
    setTimeout(() => {
      writeFileSync('osc_js.bin', Buffer.concat(chunks));
      process.exit();
    }, 500);
  });
  osc.open({ host: '127.0.0.1', port: 8080 });
});
