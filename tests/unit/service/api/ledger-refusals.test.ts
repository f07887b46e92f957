import { fastify } from 'fastify'
import { expect, it, onTestFinished } from 'vitest'
import {
  CannotSupersede,
  CursorRefused,
  LedgerUnavailable,
} from '../../../../src/ledger/events/event-log.ts'
import { answerErrors } from '../../../../src/service/api/error-answers.ts'
import { forecastEvent } from '../../../integration/ledger/recorded.ts'

it.each([
  [
    400,
    new CursorRefused('the cursor is none', 'Leave it out.'),
    'The cursor is none. Leave it out.',
  ],
  [
    409,
    new CannotSupersede(forecastEvent(), 'superseded before'),
    'superseded before. Correct the',
  ],
  [503, new LedgerUnavailable(new Error('disk')), 'Send the same again later.'],
])(
  'who asks the ledger for what it refuses is answered with %s, and why',
  async (status, error, said) => {
    const app = fastify()
    onTestFinished(() => app.close())
    answerErrors(app)
    app.get('/', () => Promise.reject(error))
    const response = await app.inject('/')
    expect(response.statusCode).toBe(status)
    expect(response.json().detail).toContain(said)
  },
)
