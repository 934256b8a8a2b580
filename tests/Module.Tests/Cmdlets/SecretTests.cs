using System.Text;

namespace Chuizi.Video.Module.Tests.Cmdlets;

/// <summary>The key never appears in a stream, object, error, serialized form or file, for any cmdlet and any API response.</summary>
[Trait("Speed", "Medium")]
public sealed class SecretTests : IDisposable
{
    private static readonly string s_key = "ck-" + string.Concat(Enumerable.Repeat("Zq7x", 8));

    private const string Everything = """
        param($key, $secure, $uri, $wrong)
        $VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
        Connect-ChuiziVideo $key -BaseUri $uri -PassThru
        $secure | Connect-ChuiziVideo -BaseUri $uri -PassThru -RequestsPerMinute 10000
        Connect-ChuiziVideo $wrong -BaseUri $uri
        Connect-ChuiziVideo $key -BaseUri http://example.com
        Connect-ChuiziVideo "$key`n" -BaseUri "https://$key@example.com"
        Connect-ChuiziVideo @($key, $key) -BaseUri $uri
        Get-ChuiziVideoAccount
        Get-ChuiziVideoModel google/* -Online
        Get-ChuiziVideoModel google/* -Online
        $videos = 'a', 'b', 'forbidden', 'c', 'd' | New-ChuiziVideo -ThrottleLimit 1 -Ledger run.jsonl | Wait-ChuiziVideo -PollInterval 0.05 | Save-ChuiziVideo -Sidecar
        $videos
        'a', 'b' | New-ChuiziVideo -Ledger run.jsonl -WhatIf
        'a', 'b' | New-ChuiziVideo -Ledger run.jsonl -MaxCost 0.01
        'x', "my key is $key" | New-ChuiziVideo -Model $key
        Get-ChuiziVideo -Ledger run.jsonl
        Get-ChuiziVideo $videos[0].Id, $key
        $key | Wait-ChuiziVideo -Timeout 1 -Summary
        Save-ChuiziVideo -Id $key -Summary
        [pscustomobject]@{ Id = $key }, @{ VideoId = $key } | Wait-ChuiziVideo
        'x' | New-ChuiziVideo -Parameter @{ note = $key }
        'x' | New-ChuiziVideo -Model bailian/wan2.6-i2v -Image "https://h.example/x.png?k=$key"
        "_$key" | New-ChuiziVideo
        'x' | New-ChuiziVideo -Duration $key -AspectRatio $key
        'vid-1' | Wait-ChuiziVideo -Timeout $key
        'x', "my key is $key", 'a', 'forbidden' | Test-ChuiziVideo -Model $key -Ledger run.jsonl
        'x', 'a' | Test-ChuiziVideo -Ledger run.jsonl
        'x' | New-ChuiziVideo -Tag @{ Owner = $key }
        'x' | New-ChuiziVideo -Tag @{ $key = 'x' } -TakeCount $key
        Measure-ChuiziVideo Model, Prompt -Ledger run.jsonl
        $key, $videos | Measure-ChuiziVideo
        Export-ChuiziVideoGallery page -Ledger run.jsonl
        $videos | Export-ChuiziVideoGallery other
        $videos | Set-ChuiziVideo -Verdict Rejected -Note "made with $key" -PassThru -Verbose
        Set-ChuiziVideo $key -Rating $key -Ledger $key
        [pscustomobject]@{ Id = $key; Note = $key }, [pscustomobject]@{ Id = $videos[0].Id; Verdict = $key } | Set-ChuiziVideo -Ledger run.jsonl
        Get-ChuiziVideoConnection
        "Prompt`na`nmy key is $key`nb" | Set-Content list.csv
        Invoke-ChuiziVideoBatch list.csv
        Invoke-ChuiziVideoBatch list.csv -Ledger other.jsonl
        Disconnect-ChuiziVideo
        Get-ChuiziVideoAccount
        New-ChuiziVideo 'e'
        $null = Start-ChuiziVideoSandbox -GenerationTime 0
        New-ChuiziVideo 'f' | Wait-ChuiziVideo
        Stop-ChuiziVideoSandbox
        """;

    private readonly NoEnvironment _environment = new();

    public void Dispose() => _environment.Dispose();

    [Fact]
    public void The_key_is_nowhere()
    {
        using Shell shell = new(
            new SandboxOptions
            {
                ApiKey = s_key,
                GenerationTime = TimeSpan.Zero,
                Balance = 100,
            },
            connect: false);
        foreach (
            SandboxRoute route in new[]
            {
                SandboxRoute.Submit,
                SandboxRoute.Poll,
                SandboxRoute.Models,
                SandboxRoute.KeyInfo,
                SandboxRoute.Media,
            })
        {
            shell.Server.Faults.Add(
                new SandboxFault
                {
                    Kind = FaultKind.Status,
                    Status = 400,
                    Message = "your key " + s_key,
                    Code = s_key,
                    Route = route,
                    Skip =
                        route == SandboxRoute.KeyInfo ? 3
                        : route == SandboxRoute.Models ? 0
                        : 2,
                });
        }

        shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.DropAfterAcceptance, Route = SandboxRoute.Submit, Skip = 3 });
        shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Truncated, Route = SandboxRoute.Poll, Skip = 1 });

        Environment.SetEnvironmentVariable("CHUIZI_LEDGER", Path.Combine(shell.Folder, "state"));
        Environment.SetEnvironmentVariable("CHUIZI_API_KEY", s_key);
        Environment.SetEnvironmentVariable("CHUIZI_BASE_URL", shell.Server.BaseAddress.ToString());
        System.Security.SecureString secure = new();
        s_key.ToList().ForEach(secure.AppendChar);
        Outcome outcome = shell.Run(
            Everything,
            ("key", s_key),
            ("secure", secure),
            ("uri", shell.Server.BaseAddress.ToString()),
            ("wrong", s_key.Replace('Z', 'Y')));

        outcome.Thrown.ShouldBeNull();
        shell
            .Run("(Get-Command -Module Chuizi.Video).Name")
            .Output.Select(item => item.ToString()!)
            .ShouldAllBe(name => Everything.Contains(name, StringComparison.Ordinal));
        string[] told =
        [
            // The folders of a FileInfo, one in another, would take 36 MB. The file itself is searched below.
            .. outcome.Output.Select(item => PSSerializer.Serialize(item, item.BaseObject is FileInfo ? 1 : 5)),
            .. outcome.Errors.Select(error =>
                PSSerializer.Serialize(error, 3) + error.Exception + error.ErrorDetails?.Message + error.ErrorDetails?.RecommendedAction),
            .. outcome.Warnings,
            .. outcome.Verbose,
            .. outcome.Debug,
            .. outcome.Information.Select(record => record.ToString()),
            .. outcome.Progress.Select(record => record.ToString()),
        ];
        string[] files = Directory.GetFiles(shell.Folder, "*", SearchOption.AllDirectories);
        outcome.Errors.Count.ShouldBeGreaterThan(10);
        outcome.Debug.Count.ShouldBeGreaterThan(15);
        files.Select(Path.GetExtension).Distinct().Order().ShouldBe([".csv", ".html", ".json", ".jsonl", ".log", ".mp4", ".txt"]);
        Leaks(told).ShouldBeEmpty();
        // The list is the user's own, and has the key.
        files = [.. files.Where(file => Path.GetExtension(file) != ".csv")];
        Leaks(files.Concat(files.Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))))).ShouldBeEmpty();
    }

    /// <summary>The texts around each occurrence of the key, with the key itself replaced.</summary>
    private static string[] Leaks(IEnumerable<string> texts) =>
        [
            .. texts
                .Where(text => text.Contains(s_key, StringComparison.OrdinalIgnoreCase))
                .Select(text =>
                    text[Math.Max(0, text.IndexOf(s_key, StringComparison.OrdinalIgnoreCase) - 200)..]
                        .Replace(s_key, "<KEY>", StringComparison.OrdinalIgnoreCase))
                .Select(text => text[..Math.Min(400, text.Length)]),
        ];
}
