/** What a person can do where a fitted model is none. */
export const TRAIN_AGAIN = 'Restore the file from git, or train the model again.'
