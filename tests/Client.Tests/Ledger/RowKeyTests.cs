using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Tests.Support;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class RowKeyTests : LedgerTest
{
    private static readonly RowInput s_row = new()
    {
        Prompt = "Put Image 1 on Image 2",
        Model = "bailian/happyhorse-1.0-video-edit",
        Duration = 8,
        ReferenceImage = "https://a/1.png;https://a/2.png",
        SourceVideo = "https://a/v.mp4",
        Resolution = "720P",
        AspectRatio = "16:9",
        Watermark = true,
        Parameter = new Dictionary<string, object?> { ["seed"] = 7 },
    };

    // Each entry changes one field of the row, by one character where possible.
    private static readonly Dictionary<string, Func<RowInput, RowInput>> s_changes = new(StringComparer.Ordinal)
    {
        ["prompt"] = row => row with { Prompt = "Put Image 1 on Image 3" },
        ["prompt's case"] = row => row with { Prompt = "put Image 1 on Image 2" },
        ["model"] = row => row with { Model = "bailian/happyhorse-1.0-video-edis" },
        ["duration"] = row => row with { Duration = 9 },
        ["no duration"] = row => row with { Duration = null },
        ["image"] = row => row with { Image = "https://a/0.png" },
        ["reference image"] = row => row with { ReferenceImage = "https://a/1.png;https://a/3.png" },
        ["fewer reference images"] = row => row with { ReferenceImage = "https://a/1.png" },
        ["order of reference images"] = row => row with { ReferenceImage = "https://a/2.png;https://a/1.png" },
        ["source video"] = row => row with { SourceVideo = "https://a/w.mp4" },
        ["resolution"] = row => row with { Resolution = "1080P" },
        ["aspect ratio"] = row => row with { AspectRatio = "9:16" },
        ["watermark"] = row => row with { Watermark = false },
        ["no watermark"] = row => row with { Watermark = null },
        ["parameter's value"] = row => row with { Parameter = new Dictionary<string, object?> { ["seed"] = 8 } },
        ["parameter's type"] = row => row with { Parameter = new Dictionary<string, object?> { ["seed"] = "7" } },
        ["parameter's name"] = row => row with { Parameter = new Dictionary<string, object?> { ["sead"] = 7 } },
        ["another parameter"] = row => row with { Parameter = new Dictionary<string, object?> { ["seed"] = 7, ["extra"] = null } },
        ["no parameter"] = row => row with { Parameter = null },
    };

    public static TheoryData<string> Changes => [.. s_changes.Keys];

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_changed_field_is_another_row(string name) => Hash(s_changes[name](s_row)).ShouldNotBe(Hash(s_row));

    [Theory]
    [InlineData("A fox\nat dawn", "A fox\r\nat dawn")]
    [InlineData("A fox\nat dawn", "A fox\rat dawn")]
    [InlineData("caf\u00e9", "cafe\u0301")]
    public void Line_endings_and_Unicode_normalization_do_not_change_the_key(string prompt, string same) =>
        Hash(new RowInput { Model = "m", Prompt = same }).ShouldBe(Hash(new RowInput { Model = "m", Prompt = prompt }));

    [Fact]
    public void A_lone_surrogate_has_a_key() =>
        Hash(new RowInput { Model = "m", Prompt = "x\ud800" }).ShouldNotBe(Hash(new RowInput { Model = "m", Prompt = "x" }));

    [Fact]
    public void Rows_that_differ_have_different_keys() =>
        Gen.Select(Gen.Shuffle(s_changes.Keys.ToArray(), 0, 4), Gen.Shuffle(s_changes.Keys.ToArray(), 0, 4)).Sample((some, others) =>
        {
            RowInput one = some.Aggregate(s_row, (row, name) => s_changes[name](row));
            RowInput other = others.Aggregate(s_row, (row, name) => s_changes[name](row));
            (Hash(one) == Hash(other)).ShouldBe(Sent(one).SequenceEqual(Sent(other)));
        });

    [Fact]
    public void Columns_that_are_not_sent_do_not_affect_the_key() =>
        Hash(s_row with { Row = 17, EstimatedCost = 3, Columns = ["Prompt", "Slug", "Owner"] }).ShouldBe(Hash(s_row with { Row = 3 }));

    [Fact]
    public void Equivalent_spellings_of_a_value_are_the_same_row() =>
        Hash(
                s_row with
                {
                    Prompt = " Put Image 1 on Image 2 ",
                    Model = "BAILIAN/happyhorse-1.0-video-edit",
                    Duration = "8",
                    ReferenceImage = new[] { "https://a/1.png", "https://a/2.png" },
                    Resolution = "720p",
                    Watermark = "true",
                })
            .ShouldBe(Hash(s_row));

    // The order of a hashtable is undefined and differs between processes.
    [Fact]
    public void The_order_of_parameters_does_not_affect_the_key_at_any_depth() =>
        Gen.Shuffle(Enumerable.Range(0, 8).ToArray())
            .Sample(order =>
            {
                Dictionary<string, object?> Made(IEnumerable<int> numbers) =>
                    numbers.ToDictionary(
                        number => $"field_{number}",
                        number => (object?)(number == 3 ? numbers.ToDictionary(inner => $"inner_{inner}", inner => (object?)inner) : number)
                    );
                Hash(s_row with { Parameter = Made(order) }).ShouldBe(Hash(s_row with { Parameter = Made(order.Order()) }));
            });

    [Fact]
    public void The_order_within_a_list_affects_the_key() =>
        Hash(s_row with { Parameter = new Dictionary<string, object?> { ["tags"] = new[] { 1, 2 } } })
            .ShouldNotBe(Hash(s_row with { Parameter = new Dictionary<string, object?> { ["tags"] = new[] { 2, 1 } } }));

    [Fact]
    public void A_local_image_is_identified_by_content_and_not_by_file_name()
    {
        byte[] content = Images.Png(640, 480);
        RowInput one = Local(Home.Write("a.png", content));
        RowInput copy = Local(Home.Write("copy of a.PNG", content));
        content[^1]++;
        RowInput changed = Local(Home.Write("b.png", content));
        Hash(copy).ShouldBe(Hash(one));
        Hash(changed).ShouldNotBe(Hash(one));
    }

    [Fact]
    public void A_changed_image_file_is_a_new_row()
    {
        string path = Home.Write("a.png", Images.Png(640, 480));
        string before = Hash(Local(path))!;
        Home.Write("a.png", Images.Png(640, 481));
        Hash(Local(path)).ShouldNotBe(before);
    }

    [Fact]
    public void An_image_that_changes_while_a_list_is_processed_is_an_error()
    {
        VideoRequest request = Request(Local(Home.Write("a.png", Images.Png(640, 480))));
        Home.Write("a.png", Images.Png(640, 480, length: 65));
        Should.Throw<IOException>(() => RowKey.HashOf(request)).Message.ShouldContain("changed after the list was checked");
    }

    [Fact]
    public void Prepared_images_are_not_read_again_and_an_unreadable_one_fails_its_row()
    {
        string[] paths = [Home.Write("a.png", Images.Png(640, 480)), Home.Write("b.png", Images.Png(640, 480))];
        VideoRequest[] requests = [.. paths.Select(path => Request(Local(path)))];
        File.Delete(paths[1]);
        RowKey.Prepare([.. requests, null], CancellationToken.None);
        File.Delete(paths[0]);
        RowKey.HashOf(requests[0]).ShouldNotBeNull();
        Should.Throw<IOException>(() => RowKey.HashOf(requests[1]));
        Should.Throw<OperationCanceledException>(() => RowKey.Prepare(requests, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_missing_image_is_identified_by_its_content_when_sent()
    {
        string path = Home.Write("a.png", Images.Png(640, 480));
        VideoRequest sent = Request(Local(path));
        string content = sent.Image!.Content;
        File.Delete(path);
        VideoRequest missing = Request(Local(path));
        missing.Image!.IsMissing.ShouldBeTrue();
        RowKey.HashOf(missing, asked => asked == path ? content : null).ShouldBe(RowKey.HashOf(sent));
        RowKey.HashOf(missing, _ => null).ShouldBeNull();
        RowKey.HashOf(missing).ShouldBeNull();
    }

    [Fact]
    public void A_row_with_one_unidentified_missing_image_has_no_key()
    {
        string here = Home.Write("a.png", Images.Png(640, 480));
        VideoRequest request = Request(s_row with { ReferenceImage = $"{here};{Home.Of("gone.png")}" });
        RowKey.HashOf(request, _ => null).ShouldBeNull();
        RowKey.HashOf(request, _ => "data:image/png;sha256,00").ShouldNotBeNull();
    }

    // Other keys would re-submit every row of every ledger: a change here requires a new version.
    [Fact]
    public void Keys_of_this_version_do_not_change()
    {
        Hash(s_row).ShouldBe("2-fa53bf88db331630dda305a47eb208a8");
        Hash(Local(Home.Write("a.png", Images.Png(640, 480)))).ShouldBe("2-2422747b751cdc5874de5b824782dcfe");
        RowKey.Of("1-abc", 1).ShouldBe("1-abc#1");
        RowKey.Of("1-abc", 12).ShouldBe("1-abc#12");
    }

    [Theory]
    [InlineData("1-0123456789abcdef0123456789abcdef#1", true)]
    [InlineData("12-0123456789abcdef0123456789abcdef#7.3", true)]
    [InlineData("2-0123456789abcdef0123456789abcdef#1", false)]
    [InlineData("1a-0123456789abcdef0123456789abcdef#1", false)]
    [InlineData("-0123456789abcdef0123456789abcdef#1", false)]
    [InlineData("0123456789abcdef0123456789abcdef#1", false)]
    [InlineData("1-0123456789abcdef0123456789abcde#1", false)]
    [InlineData("1-0123456789abcdef0123456789abcdef01#1", false)]
    [InlineData("1-0123456789abcdef0123456789abcdef", false)]
    public void Keys_of_other_versions_are_recognized(string key, bool isOther) => RowKey.IsOfAnotherVersion(key).ShouldBe(isOther);

    private static RowInput Local(string path) => new() { Prompt = "p", Model = "bailian/wan2.6-i2v", Image = path };

    private static VideoRequest Request(RowInput row) => new RowChecker().Check(row).Request.ShouldNotBeNull();

    private static string? Hash(RowInput row) => RowKey.HashOf(Request(row));

    private static byte[] Sent(RowInput row) => RequestBody.Canonical(Request(row), image => image.Value).ToArray();
}
