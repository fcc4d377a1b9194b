select                  -- one row
    count("total_invoice_amount") as "total_invoice_amount_filled",
    cast(sum("total_invoice_amount") as decimal(38, 0)) as "total_invoice_amount_total",
    count(case when "total_invoice_amount" = 0 then 1 end) as "total_invoice_amount_zeros",
    count(case when "total_invoice_amount" < 0 then 1 end) as "total_invoice_amount_negatives",
    cast(sum(case when "total_invoice_amount" < 0 then "total_invoice_amount" end) as decimal(38, 0)) as "total_invoice_amount_negative_total",
    count(case when "total_invoice_amount" <> 0 and abs("total_invoice_amount") < 200 then 1 end) as "total_invoice_amount_below",
    count(case when abs("total_invoice_amount") > 20000000 then 1 end) as "total_invoice_amount_above",
    count("vat_amount") as "vat_amount_filled",
    cast(sum("vat_amount") as decimal(38, 0)) as "vat_amount_total",
    count(case when "vat_amount" = 0 then 1 end) as "vat_amount_zeros",
    count(case when "vat_amount" < 0 then 1 end) as "vat_amount_negatives",
    cast(sum(case when "vat_amount" < 0 then "vat_amount" end) as decimal(38, 0)) as "vat_amount_negative_total",
    count(case when false then 1 end) as "vat_amount_below",
    count(case when false then 1 end) as "vat_amount_above",
    count(case when "total_invoice_amount" <> 0 and "vat_amount" is not null then 1 end) as vat_records,
    count(case when "total_invoice_amount" <> 0 and "vat_amount" is not null and "vat_amount" = 0 then 1 end) as vat_nil,
    count(case when "total_invoice_amount" <> 0 and "vat_amount" is not null and abs("vat_amount" * 120 - "total_invoice_amount" * 20) * 2 <= 120 then 1 end) as vat_worked_out
from records
order by 1
