using System.Diagnostics;
using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Soak.Checks;

/// <summary>The files, sockets and threads of this process, and its unobserved task exceptions.</summary>
internal sealed class ProcessWatch
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly List<string> _unobserved = [];

    /// <summary>Starts to listen for exceptions.</summary>
    public ProcessWatch()
    {
        TaskScheduler.UnobservedTaskException += (_, arguments) => Note($"unobserved: {arguments.Exception}");
        AppDomain.CurrentDomain.UnhandledException += (_, arguments) => Console.Error.WriteLine($"Unhandled: {arguments.ExceptionObject}");
    }

    /// <summary>The number of threads.</summary>
    public static int Threads
    {
        get
        {
            using Process process = Process.GetCurrentProcess();
            return process.Threads.Count;
        }
    }

    /// <summary>The number of open TCP sockets, or 0 if the system does not list them.</summary>
    public static int Sockets => SocketStates().Count();

    /// <summary>The system's line for each TCP socket: addresses, state, inode.</summary>
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

    /// <summary>The number of descriptors other than sockets, or -1 if the system does not list them.</summary>
    public static int OtherHandles =>
        Directory.Exists("/proc/self/fd") ? Links().Count(link => !link.StartsWith("socket:", StringComparison.Ordinal)) : -1;

    /// <summary>The files under a folder that stay open, after a wait of a minute or as long as given.</summary>
    public static IReadOnlyList<string> OpenFilesUnder(string folder, TimeSpan? patience = null)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            string[] open = Directory.Exists("/proc/self/fd")
                ? [.. Links().Where(link => link.StartsWith(folder + "/", StringComparison.Ordinal))]
                : [];
            if (open.Length == 0 || watch.Elapsed > (patience ?? s_patience))
            {
                return open;
            }

            Thread.Sleep(5);
        }
    }

    /// <summary>Reads a file. A run that was interrupted may still be recording the outcome of its requests in it.</summary>
    public static string ReadText(string path)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return File.ReadAllText(path);
            }
            catch (IOException exception) when (LedgerFile.IsInUse(exception) && watch.Elapsed < s_patience)
            {
                Thread.Sleep(2);
            }
        }
    }

    /// <summary>Waits for a condition, and returns whether it came true in time.</summary>
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

    /// <summary>The unobserved task exceptions since the last call.</summary>
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
                // The descriptor was closed meanwhile.
            }

            if (link is not null)
            {
                yield return link;
            }
        }
    }
}
