/** A telephone as it is written in Brazil: `+5544986385220` is (44) 98638-5220; one of elsewhere stays as it is. */
export const formatPhone = (phone: string): string =>
  phone.replace(/^\+55(\d{2})(\d{4,5})(\d{4})$/, "($1) $2-$3")
