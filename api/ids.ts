/** Whether a part of a path can be the id of something that is numbered. */
export const isId = (text: string) => /^[1-9]\d{0,14}$/.test(text)
