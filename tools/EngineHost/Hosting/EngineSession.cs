using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Chuizi.Video.EngineHost.Shims;
using Microsoft.PowerShell;

namespace Chuizi.Video.EngineHost.Hosting;

/// <summary>One runspace of the bare engine with the shims, and the running of scripts in it.</summary>
public sealed class EngineSession : IDisposable
{
    private readonly EngineHost _host;
    private readonly Runspace _runspace;
    private PowerShell? _running;
    private volatile bool _stopped;

    /// <summary>Opens the runspace.</summary>
    public EngineSession(ITerminal terminal)
    {
        _host = new EngineHost(terminal);
        _runspace = RunspaceFactory.CreateRunspace(_host, MakeState());
        _runspace.Open();
        Runspace.DefaultRunspace = _runspace;
        PSStyle.Instance.OutputRendering = terminal.HasColors ? OutputRendering.Host : OutputRendering.PlainText;
    }

    /// <summary>What every runspace of this host starts with: the bare engine's commands and the shims.</summary>
    public static InitialSessionState MakeState()
    {
        // CreateDefault looks for pwsh's own modules and fails without them.
        InitialSessionState state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = ExecutionPolicy.Bypass;
        }

        foreach (Type type in typeof(ImportCsvCommand).Assembly.GetTypes())
        {
            if (type.GetCustomAttributes(typeof(CmdletAttribute), inherit: false) is [CmdletAttribute cmdlet])
            {
                state.Commands.Add(new SessionStateCmdletEntry($"{cmdlet.VerbName}-{cmdlet.NounName}", type, helpFileName: null));
            }
        }

        return state;
    }

    /// <summary>Runs a script file as <c>pwsh -File</c> does.</summary>
    /// <returns>The exit code: what the script gave to <c>exit</c>, 1 where an error ended it, else 0.</returns>
    public int RunFile(string path, IReadOnlyList<string> arguments)
    {
        string full = Path.GetFullPath(path);
        if (!File.Exists(full))
        {
            _host.UI.WriteErrorLine($"The script '{path}' does not exist.");
            return 1;
        }

        ScriptBlockAst script = Parser.ParseFile(full, out _, out ParseError[] errors);
        foreach (ParseError error in errors)
        {
            _host.UI.WriteErrorLine($"{full}:{error.Extent.StartLineNumber}: {error.Message}");
        }

        if (errors.Length > 0)
        {
            return 1;
        }

        // As a function of the file's name it keeps $PSScriptRoot, and lets 'exit' through to the host, which a called file does not.
        string name = Path.GetFileName(full);
        using (PowerShell shell = PowerShell.Create(_runspace))
        {
            shell.AddScript("param($name, $script) $ExecutionContext.SessionState.InvokeProvider.Item.Set(\"function:global:$name\", $script)");
            shell.AddArgument(name).AddArgument(script.GetScriptBlock()).Invoke();
        }

        Command command = new(name);
        foreach (CommandParameter argument in ScriptArguments.Read(arguments))
        {
            command.Parameters.Add(argument);
        }

        return Run(command);
    }

    /// <summary>Runs a command text as <c>pwsh -Command</c> does.</summary>
    /// <returns>As for a file; 1 as well where the last command failed.</returns>
    public int RunCommand(string command) => Run(new Command($"{command}\nif (-not $?) {{ exit 1 }}", isScript: true));

    /// <summary>Asks what runs to stop; from any thread, without waiting.</summary>
    public void BeginStop()
    {
        _stopped = true;
        _running?.BeginStop(null, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _host.Terminal.ClearProgress();
        _runspace.Dispose();
    }

    private int Run(Command command)
    {
        // Errors go the way of the output, so that both come in the order in which they were written.
        command.MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        _host.ExitCode = null;
        using PowerShell shell = PowerShell.Create(_runspace);
        shell.Commands.AddCommand(command);
        shell.AddCommand("Out-Default");
        _running = shell;
        try
        {
            shell.Invoke();
            return _host.ExitCode ?? 0;
        }
        catch (PipelineStoppedException) when (_stopped)
        {
            return 1;
        }
        catch (ParseException exception)
        {
            _host.UI.WriteErrorLine(exception.Message);
            return 1;
        }
        catch (RuntimeException exception)
        {
            Show(exception.ErrorRecord);
            return _host.ExitCode ?? 1;
        }
        finally
        {
            _running = null;
            _host.Terminal.ClearProgress();
        }
    }

    private void Show(ErrorRecord error)
    {
        // Only what comes down the error stream is formatted as an error.
        using PowerShell shell = PowerShell.Create(_runspace);
        shell.AddScript("[CmdletBinding()] param($record) $ErrorActionPreference = 'Continue'; $PSCmdlet.WriteError($record)").AddArgument(error);
        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.AddCommand("Out-Default").Invoke();
    }
}
