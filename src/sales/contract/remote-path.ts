import { quoted, UserError } from '../../base/errors.ts'

/** A file that lies on another machine, and what it has to be: whatever comes from there is held to it. */
export type RemoteFile = {
  url: string
  bytes: number
  algorithm: 'sha256' | 'sha512'
  /** In hexadecimal, small letters. */
  digest: string
}

/** Where files of other machines are kept in a project, by their hash. */
export const REMOTE_FOLDER = '.cd4ml/remote'

export function isRemote(path: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(path)
}

/**
 * The file at the address that a resource names. Throws `UserError` at `place` where it is none that
 * can be fetched by everybody who reads the contract, or where its size and hash are not said.
 */
export function remoteFrom(
  path: string,
  { bytes, hash }: { bytes?: number | undefined; hash?: string | undefined },
  { file, key }: { file: string; key: string },
): RemoteFile {
  const url = checkedUrl(path, { file, key: `${key}.path` })
  const [algorithm, digest] = hash?.includes(':') ? hash.split(':') : ['md5', hash ?? '']
  if (bytes === undefined || hash === undefined) {
    const missing = bytes === undefined ? 'bytes' : 'hash'
    throw new UserError(`a file on another machine needs ${missing}, to tell it from any other`, {
      file,
      key: `${key}.${missing}`,
      remedy: `Let it be written: npx cd4ml data add ${shownUrl(url)}`,
    })
  }
  if (algorithm !== 'sha256' && algorithm !== 'sha512') {
    throw new UserError(`${algorithm} is not good enough to know a file by: others can be made`, {
      file,
      key: `${key}.hash`,
      remedy: 'Write "sha256:…" or "sha512:…", as sha256sum and sha512sum print it.',
    })
  }
  if (digest.length !== (algorithm === 'sha256' ? 64 : 128)) {
    throw new UserError(`has ${digest.length} digits, which ${algorithm} has not`, {
      file,
      key: `${key}.hash`,
      remedy: `Write it as ${algorithm}sum prints it.`,
    })
  }
  return { url, bytes, algorithm, digest: digest.toLowerCase() }
}

/** An https address without secrets. Throws `UserError` for any other, and does not print it. */
export function checkedUrl(written: string, place: { file?: string; key?: string } = {}): string {
  const refuse = (what: string, remedy: string) => new UserError(what, { ...place, remedy })
  const url = URL.parse(written)
  if (url === null)
    throw refuse('is no address', 'Write one such as https://example.com/sales.csv.')
  if (url.username !== '' || url.password !== '') {
    throw refuse(
      `holds a name or password for ${url.host}, which everybody would read in git`,
      'Give an address that can be read without them, or fetch the file into the data folder.',
    )
  }
  const secret = [...url.searchParams.keys()].find((name) => SECRETS.test(name))
  if (secret !== undefined) {
    throw refuse(
      `holds a key (${secret}=…) for ${url.host}, which everybody would read in git, and which expires`,
      'Give an address that can be read without it, or fetch the file into the data folder.',
    )
  }
  if (url.protocol !== 'https:') {
    throw refuse(
      `${quoted(shownUrl(written))} is no https address`,
      'Only https tells that the answer is from there: write https://…',
    )
  }
  url.hash = ''
  return url.href
}

const SECRETS =
  /^(x-(amz|goog)-(signature|credential|security-token)|sig|signature|awsaccesskeyid|(access_?|auth_?|api_?)?token|api_?key|password|secret)$/i

/** As messages and reports show it: without what may be secret. */
export function shownUrl(written: string): string {
  const url = URL.parse(written)
  return url === null
    ? 'the address'
    : `${url.origin === 'null' ? `${url.protocol}//${url.host}` : url.origin}${url.pathname}`
}
