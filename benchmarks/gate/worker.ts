import { parentPort } from 'node:worker_threads'
import { judged, type Setting } from './histories.ts'

parentPort?.on('message', ({ setting, seeds }: { setting: Setting; seeds: number[] }) => {
  parentPort?.postMessage(seeds.map((seed) => judged(setting, seed)))
})
