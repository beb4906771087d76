comment on column rental_transfers.fee_cents is
  'the administration fee of each of these payments'' contracts, rounded for each payment and for the part of rent in each refund';

insert into processing_activities (category, title, purpose, legal_basis, origin, retention, shared_with) values
  ('suppressions', 'Bloqueio de e-mails', 'Não enviar e-mails a quem não os recebe ou não os quer',
    'Legítimo interesse e oposição do titular (LGPD, art. 7º, IX, e art. 18, § 2º)',
    'Gerado por sua solicitação ou pela devolução de mensagens', 'Enquanto o bloqueio valer',
    '{"Hospedagem do sistema","Resend (envio de e-mails)"}');
