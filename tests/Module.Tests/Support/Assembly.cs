// Environment variables and the running sandbox are shared by the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: Chuizi.Video.Module.Tests.Support.NoPrograms]
