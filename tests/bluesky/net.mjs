// A network of its own, on this machine alone: the line that it prints says where, once all of it is ready.
import net from 'node:net'

const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (where, ...rest) {
  // whoever names a port and no host listens on all of them
  return typeof where === 'number' && typeof rest[0] !== 'string'
    ? listen.call(this, where, '127.0.0.1', ...rest)
    : listen.call(this, where, ...rest)
}

const { TestNetwork } = await import('@atproto/dev-env')
const network = await TestNetwork.create({ dbPostgresSchema: 'bluesky', pds: { hostname: 'localhost' } })
console.log(JSON.stringify({ ready: network.pds.url, bsky: network.bsky.url, plc: network.plc.url }))
