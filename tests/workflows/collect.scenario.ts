import { expect, it } from 'vitest'
import { branchEvents } from '../integration/branch-events.ts'
import { startEventsService, startTokenIssuer } from '../integration/events-service.ts'
import { decisionEvent, forecastEvent } from '../integration/ledger/recorded.ts'
import { projectOnGitHub } from './project-on-github.ts'
import { NAIVE, SALES } from './sample-projects.ts'

const place = { owner: 'shop', repo: 'demand' }

it('brings what the service has recorded to the ledger every day, and says so where it cannot', async () => {
  const [service, issuer] = [await startEventsService(), await startTokenIssuer()]
  const project = await projectOnGitHub({ ...SALES, ...NAIVE }, { issuer: issuer.url })
  const without = await project.schedule('collect')
  expect(without.jobs).toEqual({ collect: 'skipped' })

  await project.maria.api.rest.actions.createRepoVariable({
    ...place,
    name: 'CD4ML_SERVICE',
    value: service.url,
  })
  const forecast = forecastEvent({ product: 'P1' })
  service.events.push(forecast, decisionEvent(forecast))
  const first = await project.schedule('collect')
  expect(first.result, first.log).toBe('success')
  expect(await branchEvents(project.github.git)).toEqual(service.events)
  expect(service.requests[0].authorization).toBe('Bearer signed-by-github')
  expect(issuer.requests[0]).toContain(encodeURIComponent(service.url))

  service.events.push(forecastEvent({ product: 'P2' }))
  service.faults = Array(2).fill({ kind: 'status', status: 403 })
  const refused = await project.dispatch('collect')
  expect(refused.result).toBe('failure')
  expect(await project.openIssues()).toEqual(['Collecting from the service fails'])
  service.faults = []

  const again = await project.dispatch('collect')
  expect(again.result, again.log).toBe('success')
  expect(await branchEvents(project.github.git)).toEqual(service.events)
  expect(await project.openIssues()).toEqual([])
  expect(project.github.unknown()).toEqual([])
})
