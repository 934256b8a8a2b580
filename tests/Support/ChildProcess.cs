using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Chuizi.Video.Tests.Support;

/// <summary>
/// A program running in a process of its own. Both of its streams are read as it writes them, so it never blocks on a full pipe. It does
/// not inherit the tester's API key or base URI, and the default ledger is off.
/// </summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _name;
    private readonly Queue<string> _lines = new();
    private readonly StringBuilder _output = new();
    private readonly Task _reading;
    private readonly Task<string> _errors;

    static ChildProcess() => DefaultSignals.ForChildren();

    private ChildProcess(ProcessStartInfo start)
    {
        _name = string.Join(' ', start.ArgumentList.Prepend(start.FileName));
        _process = Process.Start(start)!;
        _reading = Task.Run(ReadAsync);
        _errors = Task.Run(() => _process.StandardError.ReadToEndAsync());
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The exit code, once the process has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Standard output so far.</summary>
    public string OutputSoFar
    {
        get
        {
            lock (_lines)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Standard input of the process.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>Whether all of these programs are on the PATH.</summary>
    public static bool IsOnPath(params string[] names)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return names.All(name =>
            folders.Any(folder => File.Exists(Path.Combine(folder, name)) || File.Exists(Path.Combine(folder, name + ".exe"))));
    }

    /// <summary>Starts a program.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="folder">Its current folder.</param>
    /// <param name="configure">Changes how it is started, such as its environment.</param>
    public static ChildProcess Start(IEnumerable<string> command, string folder, Action<ProcessStartInfo>? configure = null)
    {
        string[] words = [.. command];
        ProcessStartInfo start = new(words[0], words[1..])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        start.Environment["CHUIZI_LEDGER"] = "off";
        start.Environment.Remove("CHUIZI_API_KEY");
        start.Environment.Remove("CHUIZI_BASE_URL");
        configure?.Invoke(start);
        return new ChildProcess(start);
    }

    /// <summary>Starts a script file in PowerShell.</summary>
    /// <param name="script">The script's path.</param>
    /// <param name="arguments">The script's arguments.</param>
    /// <param name="folder">Its current folder.</param>
    /// <param name="configure">Changes how it is started.</param>
    public static ChildProcess StartScript(
        string script,
        IEnumerable<string> arguments,
        string folder,
        Action<ProcessStartInfo>? configure = null
    ) => Start([.. PowerShellExecutable.Command, "-NoProfile", "-NonInteractive", "-File", script, .. arguments], folder, configure);

    /// <summary>Runs a program to its end.</summary>
    public static ChildResult Run(IEnumerable<string> command, string folder, Action<ProcessStartInfo>? configure = null)
    {
        using ChildProcess child = Start(command, folder, configure);
        child.Input.Close();
        return child.WaitForEnd();
    }

    /// <summary>Runs a script file in PowerShell to its end.</summary>
    public static ChildResult RunScript(
        string script,
        IEnumerable<string> arguments,
        string folder,
        Action<ProcessStartInfo>? configure = null)
    {
        using ChildProcess child = StartScript(script, arguments, folder, configure);
        child.Input.Close();
        return child.WaitForEnd();
    }

    /// <summary>The next unread line of standard output, or null at the end.</summary>
    public string? ReadLine()
    {
        lock (_lines)
        {
            while (_lines.Count == 0 && !_reading.IsCompleted)
            {
                Monitor.Wait(_lines, TimeSpan.FromMilliseconds(100));
            }

            return _lines.TryDequeue(out string? line) ? line : null;
        }
    }

    /// <summary>Waits for the process to end. On a timeout, kills it and throws a <see cref="TimeoutException"/> with its output.</summary>
    public ChildResult WaitForEnd()
    {
        if (!_process.WaitForExit(Eventually.Patience))
        {
            KillTree();
            throw new TimeoutException($"'{_name}' did not end: {Result().Text}");
        }

        return Result();
    }

    /// <summary>Kills the process at once, as <c>kill -9</c> does, and waits for it to end.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Sends a signal by its name without SIG. Windows has no signals.</summary>
    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", ["-" + name, Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Kills the process and the processes it started, if it is still running.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            KillTree();
        }

        _process.Dispose();
    }

    private void KillTree()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    private ChildResult Result()
    {
        _reading.GetAwaiter().GetResult();
        lock (_lines)
        {
            return new ChildResult(_process.ExitCode, _output.ToString(), _errors.GetAwaiter().GetResult());
        }
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            lock (_lines)
            {
                _output.Append(line).Append('\n');
                _lines.Enqueue(line);
                Monitor.PulseAll(_lines);
            }
        }
    }
}
