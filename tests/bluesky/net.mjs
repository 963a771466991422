// A network of its own, on this machine alone: the line that it prints says where it is, once all of it is ready.
import { readFileSync } from 'node:fs'
import net from 'node:net'

const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (where, ...rest) {
  // whoever names a port and no host would listen on all of them
  return typeof where === 'number' && typeof rest[0] !== 'string'
    ? listen.call(this, where, '127.0.0.1', ...rest)
    : listen.call(this, where, ...rest)
}

const { TestNetwork } = await import('@atproto/dev-env')
const { default: port } = await import('./node_modules/@atproto/dev-env/dist/get-port.js')
const view = await port()
const network = await TestNetwork.create({
  dbPostgresSchema: 'bluesky',
  pds: { hostname: 'localhost' },
  bsky: { port: view, publicUrl: `http://localhost:${view}` },
})
const versions = Object.fromEntries(
  ['dev-env', 'pds', 'bsky'].map((name) => [
    name,
    JSON.parse(readFileSync(`node_modules/@atproto/${name}/package.json`, 'utf8')).version,
  ]),
)
versions.node = process.versions.node
console.log(JSON.stringify({ ready: network.pds.url, versions }))
