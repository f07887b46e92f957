import { expect, test } from 'vitest'
import { mergeProposal, newProject, succeed, succeedJson } from '../project.ts'
import { put } from '../repository.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'

test('who looks at other sales than those in production is not told that it was a second try', async () => {
  const files = dataFiles(salesOf({ products: productIds(6), frequency: 'week', periods: 80 }))
  const project = await newProject({ ...files, ...recipe('moving-average: { window: 1 }') })
  for (const args of [['train'], ['compare'], ['promote', '--baseline']]) {
    await succeed(project, args)
  }
  await mergeProposal(project)
  const others = Object.entries(files).map(([path, text]) => [
    path.replace('data/', 'others/'),
    text,
  ])
  await put(project, Object.fromEntries(others))
  for (const window of [4, 8]) {
    await put(project, recipe(`moving-average: { window: ${window} }`))
    await succeed(project, ['train', '--data', 'others'])
    const evaluation = await succeedJson(project, ['compare', '--data', 'others'])
    expect(evaluation.champion).toBeUndefined()
    expect(evaluation.campaign).toBeUndefined()
  }
})
