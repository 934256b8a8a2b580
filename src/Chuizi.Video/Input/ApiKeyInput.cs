using System.Management.Automation;
using System.Management.Automation.Host;
using System.Net;
using System.Security;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Input;

/// <summary>Gets the API key from -ApiKey or from the user, and masks a typed one in the history.</summary>
internal static class ApiKeyInput
{
    /// <summary>The value of -ApiKey as text; null if it is omitted.</summary>
    /// <exception cref="PSArgumentException">The value has another type.</exception>
    public static string? PlainText(object? apiKey)
    {
        object? given = UnwrapPSObject.Shallow(apiKey);
        return given switch
        {
            null => null,
            string text => text,
            SecureString secure => new NetworkCredential("", secure).Password,
            PSCredential credential => credential.GetNetworkCredential().Password,
            _ => throw new PSArgumentException(
                $"ApiKey must be a SecureString, a string or a credential, but got {given.GetType().Name}.",
                nameof(apiKey)),
        };
    }

    /// <summary>Asks the user for the key; null if it is not needed, or nobody answers.</summary>
    public static string? Ask(PSHost host)
    {
        bool isSet = !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(ModuleSession.KeyVariable));
        if (isSet || RunningSandbox.Exists || (host.Name == "ConsoleHost" && Console.IsInputRedirected))
        {
            return null;
        }

        try
        {
            host.UI.Write("API key: ");
            return new NetworkCredential("", host.UI.ReadLineAsSecureString()).Password is { Length: > 0 } key ? key : null;
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or PipelineStoppedException))
        {
            // Nobody can answer: pwsh -NonInteractive, a job, a host without input. Such hosts throw exceptions of any type.
            return null;
        }
    }

    /// <summary>Masks a key that is part of the command line in the history of the console.</summary>
    /// <returns>Whether the key was found there.</returns>
    public static bool MaskInHistory(PSCmdlet cmdlet, object? value)
    {
        // A shorter text would also be found by chance.
        const int ShortestKey = 12;
        return UnwrapPSObject.Shallow(value) is string key && key.Trim() is { Length: >= ShortestKey } typed
            && cmdlet.MyInvocation.Line.Contains(typed, StringComparison.Ordinal)
            && CommandHistory.Mask(cmdlet.InvokeCommand, typed);
    }
}
