using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Net;
using System.Security;
using System.Text.Json;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Module.Input;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>
/// Reads -LedgerCredential: a token, or a script block that returns one. The script block runs on the pipeline thread of the runspace that
/// it comes from; while a cmdlet waits there, that cmdlet runs it.
/// </summary>
internal static class LedgerCredentialReader
{
    /// <summary>The name of the parameter.</summary>
    public const string Parameter = "LedgerCredential";

    /// <summary>For a token that does not say when it expires.</summary>
    private static readonly TimeSpan s_assumedLife = TimeSpan.FromMinutes(30);

    /// <summary>Signing in again may take a while. The old token stays valid meanwhile.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Uses the credential of a call, if it has one, for a ledger from now on. Call it on the pipeline thread.</summary>
    /// <exception cref="FormatException">It is neither a SecureString nor a script block.</exception>
    /// <exception cref="ChuiziException">LedgerUnavailable: the script block returned no token.</exception>
    public static void Use(PSCmdlet cmdlet, string ledger)
    {
        Uri address = new(ledger);
        if (UnwrapPSObject.Shallow(cmdlet.MyInvocation.BoundParameters.GetValueOrDefault(Parameter)) is not { } credential)
        {
            return;
        }

        Guid runspace = Runspace.DefaultRunspace.InstanceId;
        Func<BlobToken> obtain = credential switch
        {
            ScriptBlock block => () => OnPipeline(runspace, () => Read(ScriptBlocks.Evaluate(Parameter, block, null))),
            SecureString => () => Guarded(() => Read(credential)),
            _ => throw new FormatException(
                $"-{Parameter} must be a SecureString, or a script block that returns a token. An object of the type "
                    + $"{credential.GetType().Name} cannot be used."),
        };
        // A credential that does not work must not replace one that does.
        BlobCredential.UseToken(address, obtain(), obtain);
    }

    private static BlobToken OnPipeline(Guid runspace, Func<BlobToken> evaluate)
    {
        if (Runspace.DefaultRunspace?.InstanceId == runspace)
        {
            return Guarded(evaluate);
        }

        return Guarded(() =>
        {
            if (AsyncCmdlet.WritingIn(runspace) is not { } cmdlet)
            {
                throw new FormatException("The token has expired, and no command is running that could obtain another one.");
            }

            Task<BlobToken> token = cmdlet.InvokeOnPipelineAsync(evaluate);
            return token.Wait(s_patience) ? token.Result : throw new FormatException("No token was returned in time.");
        });
    }

    private static BlobToken Guarded(Func<BlobToken> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is FormatException or AggregateException or OperationCanceledException)
        {
            string reason = (exception is AggregateException ? exception.InnerException! : exception).Message;
            throw new ChuiziException(
                ChuiziErrorKind.LedgerUnavailable, $"No token for the ledger was obtained: {reason}", exception);
        }
    }

    /// <summary>Reads a token: text, a SecureString, or an object with the properties Token and ExpiresOn (Get-AzAccessToken).</summary>
    private static BlobToken Read(object? result)
    {
        DateTimeOffset? expires = Property("ExpiresOn") switch
        {
            DateTimeOffset time => time,
            DateTime time => new DateTimeOffset(time.ToUniversalTime()),
            _ => null,
        };
        string text = ((Property("Token") ?? result) switch
        {
            string plain => plain,
            SecureString secret => new NetworkCredential("", secret).Password,
            _ => throw new FormatException(
                $"-{Parameter} returned {(result is null ? "nothing" : "an object of the type " + result.GetType().Name)}, but expected a "
                    + "token."),
        }).Trim();
        return text.Length > 0 && text.All(letter => letter is > ' ' and <= '~')
            ? new BlobToken(text, expires ?? ExpiryOf(text) ?? DateTimeOffset.UtcNow + s_assumedLife)
            : throw new FormatException($"-{Parameter} returned text that is not a token.");

        object? Property(string name) => UnwrapPSObject.Shallow(result switch
        {
            null or string or SecureString => null,
            IDictionary fields => fields[name],
            _ => PSObject.AsPSObject(result).Properties[name]?.Value,
        });
    }

    /// <summary>When a JSON Web Token expires (RFC 7519, section 4.1.4); null if the text is not one.</summary>
    private static DateTimeOffset? ExpiryOf(string token)
    {
        if (token.Split('.') is not [_, { Length: > 0 } claims, _])
        {
            return null;
        }

        try
        {
            string base64 = claims.Replace('-', '+').Replace('_', '/');
            using JsonDocument document = JsonDocument.Parse(
                Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '=')));
            return document.RootElement.TryGetProperty("exp", out JsonElement end)
                && long.TryParse(end.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
                && seconds <= 253_402_300_799
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
