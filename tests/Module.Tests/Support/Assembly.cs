// The environment's variables, and whether a sandbox runs, belong to the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
