import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { onTestFinished } from 'vitest'

/** What is asked of the server, and how it answers. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void

/**
 * A server on this machine that speaks https with a certificate made for it, which this process
 * believes, and no other, until the test is over. Gives its address, which ends without a slash, and the questions.
 */
export async function httpsServer(answer: Answer, { isBelieved = true } = {}) {
  const { certificate, key } = selfMade()
  const asked: IncomingMessage[] = []
  const server = createServer({ cert: certificate, key }, (request, response) => {
    asked.push(request)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const before = getCACertificates('default')
  if (isBelieved) setDefaultCACertificates([certificate])
  onTestFinished(async () => {
    setDefaultCACertificates(before)
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return { url: `https://localhost:${port}`, port, certificate, asked }
}

/** A certificate for `localhost`, and 127.0.0.1, that signs itself (RFC 5280), as PEM. */
export function selfMade({ isForAddress = true } = {}): { certificate: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))
  const name = sequence(
    der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(randomBytes(8).toString('hex'))))),
  )
  const validity = sequence(
    ...['200101000000Z', '491231235959Z'].map((time) => der(0x17, Buffer.from(time))),
  )
  const names = sequence(
    der(0x82, Buffer.from('localhost')),
    ...(isForAddress ? [der(0x87, Buffer.from([127, 0, 0, 1]))] : []),
  )
  const extensions = sequence(
    sequence(oid('551d11'), der(0x04, names)),
    sequence(oid('551d13'), der(0x04, sequence(der(0x01, Buffer.from([0xff]))))),
  )
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  )
  const signature = sign('sha256', content, privateKey)
  const bits = der(0x03, Buffer.concat([Buffer.from([0]), signature]))
  const encoded = sequence(content, ecdsaWithSha256, bits).toString('base64')
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${encoded.replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts))
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'))
}
