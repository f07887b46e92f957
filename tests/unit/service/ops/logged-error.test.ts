import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { UserError } from '../../../../src/base/errors.ts'
import { loggedError } from '../../../../src/service/ops/logged-error.ts'

it('keeps out of the log what a person wrote, wherever an error quotes it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 8, unit: 'grapheme' }), (text) => {
      const error = new Error(`first line\n    at home with ${text}\nlast: ${text}`, {
        cause: new SyntaxError(text),
      })
      Object.assign(error, { code: `${text} !`, detail: text, hint: { note: text } })
      expect(JSON.stringify(loggedError(error))).not.toContain(JSON.stringify(text).slice(1, -1))
    }),
  )
})

it('shows who runs the service where a bug is: the calls, and those of what caused it', () => {
  const error = new Error('a note', { cause: new TypeError('a name') })
  expect(loggedError(error)).toMatchObject({
    type: 'Error',
    stack: expect.stringContaining('logged-error.test.ts'),
    cause: { type: 'TypeError' },
  })
})

it('shows who runs the service what the disk or the database refused', () => {
  const full = Object.assign(new Error('write /x'), { code: 'ENOSPC', syscall: 'write' })
  expect(loggedError(full)).toMatchObject({ code: 'ENOSPC', syscall: 'write' })
  expect(loggedError(sqliteError())).toMatchObject({
    code: 'ERR_SQLITE_ERROR',
    message: 'constraint failed',
  })
})

it('shows who runs the service what is wrong with the project, as the command line does', () => {
  const wrong = new UserError('the hash differs', { file: 'model.json', remedy: 'Promote again.' })
  expect(loggedError(new Error('in a note', { cause: wrong }))).toMatchObject({
    message: '',
    cause: { message: 'model.json: the hash differs\n  Promote again.' },
  })
})

it('does not go on for ever with an error that is its own cause', () => {
  const error = new Error('a')
  error.cause = error
  expect(JSON.stringify(loggedError(error)).match(/cause/g)).toHaveLength(5)
})

it.each([['a text'], [undefined], [{ note: 'a text' }]])('says nothing of %j, thrown', (thrown) => {
  expect(JSON.stringify(loggedError(thrown))).not.toContain('text')
})

function sqliteError(): unknown {
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE once (word TEXT UNIQUE)')
  const insert = database.prepare('INSERT INTO once VALUES (?)')
  insert.run('a note')
  try {
    return insert.run('a note')
  } catch (error) {
    return error
  }
}
