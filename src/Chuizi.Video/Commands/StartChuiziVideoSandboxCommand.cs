using System.Management.Automation;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Session;
using Chuizi.Video.Sandbox;

namespace Chuizi.Video.Module.Commands;

/// <summary>Starts the sandbox, an offline API in this process, on loopback, and connects this runspace to it.</summary>
[Cmdlet(VerbsLifecycle.Start, "ChuiziVideoSandbox", HelpUri = HelpPages.Folder + "Start-ChuiziVideoSandbox.md")]
[OutputType(typeof(SandboxInfo))]
public sealed class StartChuiziVideoSandboxCommand : PSCmdlet
{
    /// <summary>How long a video takes: seconds or a TimeSpan. The default is 2 s.</summary>
    [Parameter(Position = 0)]
    [Seconds(AllowZero = true)]
    public TimeSpan GenerationTime { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>If longer than <see cref="GenerationTime"/>, each video takes a random time between the two.</summary>
    [Parameter]
    [Seconds]
    public TimeSpan GenerationTimeMaximum { get; set; }

    /// <summary>The delay before every response of the API: seconds or a TimeSpan.</summary>
    [Parameter]
    [Seconds(AllowZero = true)]
    public TimeSpan Latency { get; set; }

    /// <summary>The rate limit in requests per minute. If omitted, there is no limit.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int RequestsPerMinute { get; set; }

    /// <summary>The initial balance of the account in USD.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000)]
    public decimal Balance { get; set; } = 10_000m;

    /// <summary>The port on 127.0.0.1. If omitted, a free port is used.</summary>
    [Parameter]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        ModuleSession session = ModuleSession.Current;
        if (session.SandboxAddress is { } running)
        {
            ThrowTerminatingError(
                ErrorRecords.Make(
                    "SandboxRunning",
                    ErrorCategory.ResourceExists,
                    running,
                    $"A sandbox is already running in this session at {running}.",
                    "Stop it first with Stop-ChuiziVideoSandbox."));
        }

        try
        {
            Start(session);
        }
        catch (SocketException exception)
        {
            ThrowTerminatingError(
                ErrorRecords.Make(
                    "SandboxPortInUse",
                    ErrorCategory.ResourceBusy,
                    Port,
                    $"The sandbox cannot listen on port {Port}: {exception.Message.TrimEnd('.')}.",
                    "Omit -Port to use a free port.",
                    exception));
        }
    }

    // A separate method, so that the sandbox assembly is loaded only when a sandbox starts.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Start(ModuleSession session)
    {
        Dictionary<string, object> bound = MyInvocation.BoundParameters;
        SandboxServer server = SandboxServer.Start(
            new SandboxOptions
            {
                GenerationTime = GenerationTime,
                GenerationTimeMaximum =
                    bound.ContainsKey(nameof(GenerationTimeMaximum)) && GenerationTimeMaximum > GenerationTime
                        ? GenerationTimeMaximum
                        : null,
                Latency = Latency,
                RequestsPerMinute = RequestsPerMinute > 0 ? RequestsPerMinute : null,
                Balance = Balance,
                Port = Port,
                MaximumRecordedRequests = 1000,
            });
        session.UseSandbox(new RunningSandbox(server, server.BaseAddress, server.ApiKey));
        WriteObject(new SandboxInfo { BaseAddress = server.BaseAddress, MediaAddress = server.MediaAddress, ApiKey = server.ApiKey });
    }
}
