/** Thirds of the series by units sold per period lately: few, some, many. */
export type VolumeClass = 'low' | 'medium' | 'high'
