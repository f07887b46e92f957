import { serve } from '../../base/threads.ts'
import { productionWork } from './production-work.ts'

serve(productionWork(), () => [])
