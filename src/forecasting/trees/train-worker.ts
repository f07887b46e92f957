import { workerData } from 'node:worker_threads'
import { boost } from './boost.ts'
import { join, type TeamState } from './team.ts'
import type { Training } from './training.ts'

const { training, state }: { training: Training; state: TeamState } = workerData

join(state, (team) => boost(training, team))
