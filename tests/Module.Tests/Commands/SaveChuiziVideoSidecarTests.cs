using System.Text.Json;
using Chuizi.Video.Client.Saving;

namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>What Save-ChuiziVideo -Sidecar writes, and how Save-ChuiziVideo finds saved files by their sidecars.</summary>
[Trait("Speed", "Medium")]
public sealed class SaveChuiziVideoSidecarTests : IDisposable
{
    private readonly Shell _shell = new();

    private string Out => Path.Combine(_shell.Folder, "out");

    private int Downloads => _shell.Requests.Count(request => request.Route == SandboxRoute.Media);

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void Each_video_gets_a_sidecar_with_every_column_of_its_row()
    {
        Outcome outcome = _shell
            .Run(
                """
                [pscustomobject]@{ Prompt = 'a'; Model = 'bailian/happyhorse-1.0-t2v'; Duration = '4'; FileName = 'fox'; Watermark = 'false'; Slug = 7 },
                @{ Prompt = 'b'; Parameter = @{ seed = 5; list = 1, 2 } }, 'c' |
                    New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo out -Sidecar
                """)
            .ShouldBeClean();

        foreach (PSObject video in outcome.Output)
        {
            Sidecar sidecar = Sidecar.Read(video.Properties["Path"].Value + ".json").ShouldNotBeNull();
            sidecar.Id.ShouldBe((string)video.Properties["Id"].Value);
            sidecar.Sha256.ShouldBe((string)video.Properties["Sha256"].Value);
            sidecar.Cost.ShouldBe((decimal?)video.Properties["Cost"].Value);
            sidecar.Url.ShouldBe((Uri)video.Properties["Url"].Value);
            sidecar.Origin.ShouldBe(_shell.Server.BaseAddress.GetLeftPart(UriPartial.Authority));
            sidecar.Saved!.Value.ShouldBe(DateTime.UtcNow, TimeSpan.FromMinutes(1));
        }

        Sidecar fox = Sidecar.Read(Path.Combine(Out, "fox.mp4.json"))!;
        fox.Watermark!.Value.GetBoolean().ShouldBeFalse();
        fox.Input!.Value.GetProperty("Slug").GetInt32().ShouldBe(7);
        fox.Input!.Value.GetProperty("FileName").GetString().ShouldBe("fox");
        JsonElement parameter = Of("b").Parameter!.Value;
        parameter.GetProperty("seed").GetInt32().ShouldBe(5);
        parameter.GetProperty("list").EnumerateArray().Select(item => item.GetInt32()).ShouldBe([1, 2]);
        Directory.GetFiles(Out).Length.ShouldBe(6);
    }

    [Fact]
    public void A_sidecar_is_a_row_that_sends_the_same_request_again()
    {
        string image = Path.Combine(Repository.Root, "examples", "robot.png");
        _shell
            .Run(
                """
                param($image)
                [pscustomobject]@{ Prompt = 'a "quoted" <b> 视频'; Model = 'bailian/happyhorse-1.0-r2v'; Duration = 5; ReferenceImage = "$image;https://images.example/x.png"; AspectRatio = '9:16'; Resolution = '720p'; Watermark = $false; Parameter = @{ seed = 5 } } |
                    New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo out -FileName one -Sidecar
                """,
                ("image", image))
            .ShouldBeClean();
        string before = _shell.Posts.Single().Body!;

        using JsonDocument sidecar = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Out, "one.mp4.json")));
        sidecar.RootElement.GetProperty("ImageContent").GetProperty(image).GetString()!.ShouldStartWith("data:image/png;sha256,");
        _shell.Run("param($row) $row | New-ChuiziVideo", ("row", Row(sidecar.RootElement))).ShouldBeClean();

        _shell.Posts[^1].Body.ShouldBe(before);
    }

    [Fact]
    public void The_sidecar_of_a_serialized_video_sends_the_same_request_again()
    {
        string image =
            "data:image/png;base64," + Convert.ToBase64String(File.ReadAllBytes(Path.Combine(Repository.Root, "examples", "robot.png")));
        Outcome made = _shell
            .Run(
                "param($image) [pscustomobject]@{ Prompt = 'a'; Model = 'bailian/happyhorse-1.0-i2v'; Image = $image } | New-ChuiziVideo | "
                    + "Wait-ChuiziVideo",
                ("image", image))
            .ShouldBeClean();
        string before = _shell.Posts.Single().Body!;
        object copy = PSSerializer.Deserialize(PSSerializer.Serialize(made.Output.Single()));
        _shell.Run("param($video) $video | Save-ChuiziVideo out -FileName one -Sidecar", ("video", copy)).ShouldBeClean();

        using JsonDocument sidecar = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Out, "one.mp4.json")));
        _shell.Run("param($row) $row | New-ChuiziVideo", ("row", Row(sidecar.RootElement))).ShouldBeClean();

        _shell.Posts[^1].Body.ShouldBe(before);
    }

    [Fact]
    public void Without_a_ledger_a_sidecar_prevents_a_second_download()
    {
        _shell.Run("$v = 'a', 'b' | New-ChuiziVideo | Wait-ChuiziVideo; $v | Save-ChuiziVideo out -FileName same -Sidecar").ShouldBeClean();
        int downloads = Downloads;

        // Ids carry no path. The order and the name differ from the first call.
        Outcome again = _shell.Run("$v[1].Id, $v[0].Id | Save-ChuiziVideo out -FileName other");
        again.Warnings.Single().ShouldContain("keeps its file name");
        again.Texts("Path").Select(Path.GetFileName).ShouldBe(["same.mp4", "same (2).mp4"], ignoreOrder: true);
        again.Texts("Sha256").ShouldAllBe(hash => hash!.Length == 64);
        _shell.Run("$v.Id | Wait-ChuiziVideo | Save-ChuiziVideo out").ShouldBeClean().Output.Count.ShouldBe(2);
        Downloads.ShouldBe(downloads);

        File.Delete(Path.Combine(Out, "same (2).mp4"));
        _shell.Run("$v.Id | Save-ChuiziVideo out").ShouldBeClean();
        Downloads.ShouldBe(downloads + 1, "the one that is gone");
    }

    [Fact]
    public void A_file_that_does_not_match_its_sidecar_is_kept_without_Force()
    {
        _shell.Run("$v = New-ChuiziVideo 'a' | Wait-ChuiziVideo; $v | Save-ChuiziVideo out -FileName kite -Sidecar").ShouldBeClean();
        string file = Path.Combine(Out, "kite.mp4");
        File.WriteAllText(file, "cut by hand");

        _shell.Run("Save-ChuiziVideo out -Id $v.Id -FileName kite").TheError.FullyQualifiedErrorId.ShouldStartWith("FileExists,");
        File.ReadAllText(file).ShouldBe("cut by hand");

        Outcome forced = _shell.Run("Save-ChuiziVideo out -Id $v.Id -FileName kite -Force -Sidecar").ShouldBeClean();
        Sidecar.Read(file + ".json")!.Sha256.ShouldBe(forced.Texts("Sha256").Single());
    }

    [Fact]
    public void A_video_never_replaces_the_file_of_another_in_the_same_call_even_with_Force()
    {
        _shell
            .Run(
                "$a = New-ChuiziVideo 'a' | Wait-ChuiziVideo; $b = New-ChuiziVideo 'b' | Wait-ChuiziVideo; Save-ChuiziVideo out -Id $a.Id "
                    + "-FileName kite -Sidecar")
            .ShouldBeClean();

        Outcome outcome = _shell.Run("Get-ChuiziVideo $b.Id, $a.Id | Save-ChuiziVideo out -FileName kite -Force -Sidecar").ShouldBeClean();

        outcome.Texts("Path").Distinct().Count().ShouldBe(2);
        outcome.Output.ShouldAllBe(video =>
            Sidecar.Read(video.Properties["Path"].Value + ".json")!.Id == (string)video.Properties["Id"].Value);
    }

    [Fact]
    public void A_saved_video_finds_its_file_after_another_video_requested_its_name()
    {
        _shell
            .Run(
                "$a = New-ChuiziVideo 'a' | Wait-ChuiziVideo; $c = New-ChuiziVideo 'c' | Wait-ChuiziVideo; Save-ChuiziVideo out -Id $a.Id "
                    + "-FileName kite -Sidecar")
            .ShouldBeClean();
        int downloads = Downloads;

        Outcome outcome = _shell.Run("$c, $a | Save-ChuiziVideo out -FileName kite");

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("FileExists,");
        outcome.Texts("Path").ShouldBe([null, Path.Combine(Out, "kite.mp4")], ignoreOrder: true);
        Downloads.ShouldBe(downloads);
    }

    [Fact]
    public void A_saved_file_without_a_sidecar_gets_one()
    {
        _shell
            .Run(
                "@{ Prompt = 'a'; Parameter = @{ seed = 5 } } | New-ChuiziVideo -Ledger run.jsonl | Wait-ChuiziVideo | Save-ChuiziVideo out -FileName kite"
            )
            .ShouldBeClean();
        int downloads = Downloads;

        _shell.Run("Get-ChuiziVideo -Ledger run.jsonl | Save-ChuiziVideo out -Sidecar").ShouldBeClean();

        Downloads.ShouldBe(downloads);
        Sidecar sidecar = Sidecar.Read(Path.Combine(Out, "kite.mp4.json"))!;
        sidecar.Parameter!.Value.GetRawText().ShouldContain("5");
        sidecar.Length.ShouldBe(new FileInfo(Path.Combine(Out, "kite.mp4")).Length);
    }

    [Fact]
    public void A_file_that_is_not_a_sidecar_is_kept_and_reported_and_the_video_is_saved()
    {
        Directory.CreateDirectory(Out);
        string path = Path.Combine(Out, "kite.mp4.json");
        File.WriteAllText(path, "precious");

        Outcome outcome = _shell.Run("$v = New-ChuiziVideo 'a' | Wait-ChuiziVideo; $v | Save-ChuiziVideo out -FileName kite -Sidecar");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("FileExists,");
        outcome.TheError.ToString().ShouldContain(path);
        outcome.Texts("Path").ShouldBe([Path.Combine(Out, "kite.mp4")]);
        File.ReadAllText(path).ShouldBe("precious");

        _shell.Run("$v | Save-ChuiziVideo out -Sidecar -Force").ShouldBeClean();
        Sidecar.Read(path).ShouldNotBeNull();
    }

    [Fact]
    public void WhatIf_writes_no_sidecar()
    {
        _shell.Run("$v = New-ChuiziVideo 'a' | Wait-ChuiziVideo; $v | Save-ChuiziVideo out").ShouldBeClean();
        _shell.Run("$v | Save-ChuiziVideo out -Sidecar -WhatIf").ShouldBeClean();
        Directory.GetFiles(Out).Length.ShouldBe(1);
    }

    [Fact]
    public void A_column_that_throws_is_omitted_and_a_value_unknown_to_JSON_becomes_a_string()
    {
        _shell.Run("""
            $row = [pscustomobject]@{ Prompt = 'a'; Thing = [version]'1.2.3' }
            $row.PSObject.Properties.Add([psscriptproperty]::new('Bad', { throw 'no' }))
            $row | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo out -FileName kite -Sidecar
            """).ShouldBeClean();
        JsonElement input = Sidecar.Read(Path.Combine(Out, "kite.mp4.json"))!.Input!.Value;
        input.GetProperty("Thing").GetString().ShouldBe("1.2.3");
        input.TryGetProperty("Bad", out _).ShouldBeFalse();
    }

    private Sidecar Of(string prompt) =>
        Directory.GetFiles(Out, "*.json").Select(path => Sidecar.Read(path)!).Single(sidecar => sidecar.Prompt == prompt);

    /// <summary>Converts JSON as ConvertFrom-Json does.</summary>
    private static object? Row(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                PSObject row = new();
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    row.Properties.Add(new PSNoteProperty(property.Name, Row(property.Value)));
                }

                return row;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(Row).ToArray();
            case JsonValueKind.Number:
                return element.TryGetInt64(out long whole) ? whole : element.GetDouble();
            case JsonValueKind.True or JsonValueKind.False:
                return element.GetBoolean();
            default:
                return element.GetString();
        }
    }
}
