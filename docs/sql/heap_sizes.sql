-- What more heap buys: for each size, medians over everything else.
SELECT workload, parameters, heap, MIN(max_old_bytes) AS max_old_bytes, COUNT(*) AS cells,
    SUM(CASE WHEN status = 'passed' THEN 0 ELSE 1 END) AS failed,
    MEDIAN(CASE WHEN status = 'passed' THEN throughput END) AS per_second,
    MEDIAN(CASE WHEN status = 'passed' THEN p99_pause_ns END) AS p99_ns,
    MEDIAN(CASE WHEN status = 'passed' THEN mutator_share END) AS program_share
FROM 'cells.parquet'
GROUP BY workload, parameters, heap
ORDER BY workload, parameters, max_old_bytes;
