with
above as (              -- one row: what the records before it add up to
    select
        count(*) as records,
        sum("total_invoice_amount") as "total_invoice_amount_total", count("total_invoice_amount") as "total_invoice_amount_count",
        sum("vat_amount") as "vat_amount_total", count("vat_amount") as "vat_amount_count"
    from records
    where source_row < (select max(source_row) from last_record)
),
looked_at as (          -- one row
    select
        last_record.source_row,
        (coalesce(lower(last_record."remarks") in ('total', 'totals', 'grand total', 'overall total', 'sum'), false)) as says_total,
        coalesce(last_record."total_invoice_amount" = above."total_invoice_amount_total"
            and last_record."total_invoice_amount" <> 0
            and above."total_invoice_amount_count" > 1, false) as "total_invoice_amount_adds_up",
        coalesce(last_record."vat_amount" = above."vat_amount_total"
            and last_record."vat_amount" <> 0
            and above."vat_amount_count" > 1, false) as "vat_amount_adds_up"
    from last_record
    cross join above
)
select *
from looked_at
where says_total or "total_invoice_amount_adds_up" or "vat_amount_adds_up"
order by source_row
