import { serve } from '../../base/threads.ts'
import { shadowWork } from './shadow-work.ts'

serve(shadowWork(), () => [])
