using System.Net.Sockets;
using System.Runtime.InteropServices;
using Chuizi.Video.Sandbox.Standalone;

namespace Chuizi.Video.Sandbox;

/// <summary>The sandbox as a standalone program, for curl and other clients.</summary>
internal static class Program
{
    private const int PortTaken = 1;
    private const int BadArguments = 2;

    private static async Task<int> Main(string[] arguments)
    {
        CommandLine? line = CommandLine.Parse(arguments, request => Console.WriteLine(ConsoleText.Line(request)), out string problem);
        if (line is null)
        {
            await Console.Error.WriteLineAsync(problem);
            return BadArguments;
        }

        if (line.WantsHelp)
        {
            Console.WriteLine(CommandLine.Help);
            return 0;
        }

        SandboxServer server;
        try
        {
            server = SandboxServer.Start(line.Options);
        }
        catch (SocketException exception)
        {
            string ports =
                line.Options.MediaPort == 0 ? $"Port {line.Options.Port}" : $"Port {line.Options.Port} or {line.Options.MediaPort}";
            await Console.Error.WriteLineAsync($"{ports} cannot be used: {exception.Message.TrimEnd('.')}. Choose another with --port "
                + "or --media-port.");
            return PortTaken;
        }

        await using (server)
        {
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
            Console.WriteLine(ConsoleText.Start(server));
            await ended.Task;

            void End(PosixSignalContext context)
            {
                context.Cancel = true;
                ended.TrySetResult();
            }
        }

        return 0;
    }
}
