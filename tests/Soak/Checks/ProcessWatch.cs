using System.Diagnostics;

namespace Chuizi.Video.Soak.Checks;

/// <summary>What this process holds: files, sockets, threads; and the exceptions that nobody took.</summary>
internal sealed class ProcessWatch
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly List<string> _unobserved = [];

    /// <summary>Listens from now on.</summary>
    public ProcessWatch()
    {
        TaskScheduler.UnobservedTaskException += (_, arguments) => Note($"unobserved: {arguments.Exception}");
        AppDomain.CurrentDomain.UnhandledException += (_, arguments) => Console.Error.WriteLine($"Unhandled: {arguments.ExceptionObject}");
    }

    /// <summary>The threads there are.</summary>
    public static int Threads
    {
        get
        {
            using Process process = Process.GetCurrentProcess();
            return process.Threads.Count;
        }
    }

    /// <summary>The TCP sockets that are open; 0 where the system does not tell.</summary>
    public static int Sockets => SocketStates().Count();

    /// <summary>The lines that the system has of the TCP sockets: addresses, state, inode.</summary>
    public static IEnumerable<string> SocketStates()
    {
        HashSet<string> mine = !Directory.Exists("/proc/self/fd")
            ? []
            : [.. Links().Where(link => link.StartsWith("socket:", StringComparison.Ordinal)).Select(link => link["socket:[".Length..^1])];
        return ((string[])["/proc/self/net/tcp", "/proc/self/net/tcp6"])
            .Where(File.Exists)
            .SelectMany(File.ReadAllLines)
            .Where(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Any(mine.Contains));
    }

    /// <summary>All descriptors that are no sockets; -1 where the system does not tell.</summary>
    public static int OtherHandles =>
        Directory.Exists("/proc/self/fd") ? Links().Count(link => !link.StartsWith("socket:", StringComparison.Ordinal)) : -1;

    /// <summary>The open files under a folder, after a patient wait for none.</summary>
    public static IReadOnlyList<string> OpenFilesUnder(string folder)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            string[] open = Directory.Exists("/proc/self/fd")
                ? [.. Links().Where(link => link.StartsWith(folder + "/", StringComparison.Ordinal))]
                : [];
            if (open.Length == 0 || watch.Elapsed > s_patience)
            {
                return open;
            }

            Thread.Sleep(5);
        }
    }

    /// <summary>Waits until something is so, and says whether it came.</summary>
    public static bool Eventually(Func<bool> condition, TimeSpan? patience = null)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > (patience ?? s_patience))
            {
                return false;
            }

            Thread.Sleep(2);
        }

        return true;
    }

    /// <summary>The exceptions of tasks that nobody looked at, since the last call.</summary>
    public IReadOnlyList<string> TakeUnobserved()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        lock (_unobserved)
        {
            string[] taken = [.. _unobserved];
            _unobserved.Clear();
            return taken;
        }
    }

    private void Note(string what)
    {
        lock (_unobserved)
        {
            _unobserved.Add(what);
        }
    }

    private static IEnumerable<string> Links()
    {
        foreach (string path in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            string? link = null;
            try
            {
                link = new FileInfo(path).LinkTarget;
            }
            catch (IOException)
            {
                // Closed meanwhile.
            }

            if (link is not null)
            {
                yield return link;
            }
        }
    }
}
