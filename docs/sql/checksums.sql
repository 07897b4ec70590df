-- Programs whose result depends on the heap that they run on: there should be none.
SELECT workload, parameters, seed, COUNT(DISTINCT checksum) AS results
FROM 'cells.parquet'
WHERE status = 'passed'
GROUP BY workload, parameters, seed
HAVING COUNT(DISTINCT checksum) > 1
ORDER BY workload, parameters, seed;
