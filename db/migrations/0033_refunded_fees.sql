comment on column rental_transfers.fee_cents is
  'the administration fee of each of these payments'' contracts, rounded for each payment and for the part of rent in each refund';
