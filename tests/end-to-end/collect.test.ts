import { expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import {
  type EventsService,
  startEventsService,
  startTokenIssuer,
} from '../integration/events-service.ts'
import { type Place, startPlace } from '../integration/github-fixture.ts'
import { forecastEvent } from '../integration/ledger/recorded.ts'
import { runStep, runStepProcess, type Step } from './action-steps.ts'

it('asks the service as the workflow that it is, and says what is new on the branch', async () => {
  const [place, service] = [await startPlace(), await startEventsService()]
  service.events.push(forecastEvent(), forecastEvent())
  const issuer = await startTokenIssuer()
  const step = stepOf(place, service)
  const { code, log, outputs, summary, masked } = await runStepProcess(place.clone, 'collect', {
    ...step,
    env: {
      ...step.env,
      ACTIONS_ID_TOKEN_REQUEST_URL: `${issuer.url}/token?run=77`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of the job',
    },
  })
  expect(code, log).toBe(0)
  expect(outputs).toMatchObject({ outcome: 'appended', events: '2', problem: '' })
  expect(outputs.commit).toBe((await git(place.server.git, ['rev-parse', 'ledger'])).trim())
  expect(summary).toMatch(/2 (events of the service|eventos do serviço)/)
  expect(issuer.requests[0]).toBe(`/token?run=77&audience=${encodeURIComponent(service.url)}`)
  expect(new Set(service.requests.map(({ authorization }) => authorization))).toEqual(
    new Set(['Bearer signed-by-github']),
  )
  expect(masked).toContain('signed-by-github')
})

it('tells who has not given the job the right to say who it is, and how', async () => {
  const [place, service] = [await startPlace(), await startEventsService()]
  const { code, outputs } = await runStepProcess(place.clone, 'collect', stepOf(place, service))
  expect(code).toBe(1)
  expect(outputs.problem).toMatch(/no token that says who it is.*id-token: write/)
  expect(service.requests).toEqual([])
})

it('is red where a part is missing, which the next run takes', async () => {
  const [place, service] = [await startPlace(), await startEventsService()]
  service.events.push(...Array.from({ length: 5_001 }, () => forecastEvent()))
  service.faults = [undefined, undefined, { kind: 'status', status: 403 }]
  const part = await runStep(place.clone, 'collect', stepOf(place, service))
  expect([part.code, part.outputs.events]).toEqual([1, '5000'])
  expect(part.outputs.problem).toMatch(/403/)
  expect(part.summary).toContain('⚠️')
  const rest = await runStep(place.clone, 'collect', stepOf(place, service))
  expect([rest.code, rest.outputs.events]).toEqual([0, '1'])
})

it('gives no token away where the address is not safe', async () => {
  const [place, service] = [await startPlace(), await startEventsService()]
  const step = stepOf(place, service)
  const unsafe = { ...step.with, service: 'http://forecasts.example.com' }
  const { code, outputs } = await runStep(place.clone, 'collect', { ...step, with: unsafe })
  expect([code, outputs.problem]).toEqual([1, expect.stringContaining('https://')])
})

function stepOf({ server }: Place, service: EventsService): Step {
  return {
    with: { token: server.token, service: service.url },
    env: { GITHUB_API_URL: server.url },
  }
}
