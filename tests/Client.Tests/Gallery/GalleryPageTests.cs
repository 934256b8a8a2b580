using System.Collections.Specialized;
using System.Security.Cryptography;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Chuizi.Video.Client.Gallery;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Gallery;

/// <summary>How an HTML parser reads pages that contain hostile texts.</summary>
public sealed class GalleryPageTests
{
    private static readonly string s_folder = Path.Combine(Path.GetTempPath(), "gallery");
    private static readonly string s_page = Path.Combine(s_folder, "index.html");

    private static readonly Gen<string> s_text = Gen.OneOf(
        Gen.OneOf(
            "",
            " ",
            "A red kite",
            "<script>alert(1)</script>",
            "</style><script>alert(1)</script>",
            "\"onerror=\"alert(1)",
            "' onmouseover='alert(1)",
            "<img src=x onerror=alert(1)>",
            "<!--",
            "-->",
            "]]>",
            "</title></head>",
            "&lt;b&gt;",
            "&amp;quot;",
            "&#0;",
            "javascript:alert(1)",
            "`",
            "\0",
            "a\0b",
            "\u202Egnp.exe",
            "\u2067x\u2069\u2069\u202E",
            "\u200F",
            "\uFEFF",
            "\uD800",
            "\uDC00\uD800",
            "\u0085\u009F",
            "a\r\nb\rc\nd",
            "\t",
            "\u001B[31m",
            "{{7*7}}",
            "${alert(1)}",
            "../../etc/passwd",
            "CON",
            "%2e%2e",
            "#?&=",
            "\u2028",
            "\uFFFE",
            new string('x', 300),
            "ck-abcdefgh12345678"),
        Gen.String[0, 60],
        Gen.Char["<>&\"'`=/ \n\0ab"].Array[0, 30].Select(letters => new string(letters)));

    private static readonly Gen<Uri?> s_address = Gen.OneOf(
            Gen.OneOf(
                "",
                "https://media.example/a.mp4",
                "javascript:alert(1)",
                "http://evil.example/",
                "data:text/html,<script>alert(1)</script>",
                "vbscript:x"),
            s_text.Select(text => "https://media.example/" + text))
        .Select(text => Uri.TryCreate(text, UriKind.Absolute, out Uri? address) ? address : null);

    private static readonly Gen<GalleryItem> s_item = Gen.Select(
            s_text.Array[12],
            s_address,
            Gen.OneOf(
                Gen.OneOf(VideoStatus.Succeeded, VideoStatus.Failed, VideoStatus.Processing, VideoStatus.Unknown, VideoStatus.Skipped),
                s_text),
            Gen.Bool,
            Gen.Int,
            Gen.Long[-TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks])
        .Select(
            (texts, address, status, isSaved, number, ticks) =>
                new GalleryItem(
                    new Video
                    {
                        Id = texts[0],
                        Status = status,
                        Model = texts[1],
                        Prompt = texts[2],
                        AspectRatio = texts[3],
                        Resolution = texts[4],
                        Image = texts[5],
                        ReferenceImage = [texts[6]],
                        SourceVideo = texts[7],
                        Url = address,
                        Error = new VideoError
                        {
                            Message = texts[8],
                            Type = texts[9],
                            Code = texts[0],
                        },
                        RequestId = texts[10],
                        Sha256 = texts[11],
                        Path = isSaved
                            ? Path.Combine(
                                s_folder,
                                "videos",
                                texts[2]
                                    .Replace('\0', '0')
                                    .Replace('/', '_')
                                    .Replace('\\', '_')
                                    .Replace("ck-", "k", StringComparison.Ordinal) + ".mp4")
                            : texts[2],
                        Duration = number,
                        Cost = number / 3m,
                        Latency = TimeSpan.FromTicks(ticks).TotalSeconds,
                        Origin = texts[3],
                        FileName = texts[4],
                        Note = texts[5],
                        Verdict = isSaved ? texts[6] : null,
                        Rating = number,
                        Row = number % 3,
                        Take = isSaved ? number : null,
                        Created = new DateTime(Math.Abs(ticks), DateTimeKind.Utc),
                    },
                    new OrderedDictionary
                    {
                        ["Column " + texts[3]] = texts[4],
                        ["List"] = new[] { texts[5], texts[6] },
                        ["Count"] = number,
                        ["Few"] = texts[7],
                    }));

    // What a page with filters and groups has, in addition to what the texts of an item decide.
    private static readonly Lazy<string[]> s_everything = new(() => Shape(Parse([.. Enumerable.Range(0, 4).Select(Rich)], "x")));

    [Trait("Repeats", "Many")]
    [Trait("Speed", "Medium")]
    [Fact]
    public void Any_data_is_shown_as_text_only() =>
        s_item
            .Array[1, 3]
            .Sample(
                items =>
                {
                    string title = items[0].Video.Prompt!;
                    IHtmlDocument page = Parse(items, title);
                    string[] expected = Shape(Parse([.. items.Select(item => Tame(item, items))], "x"));
                    Shape(page)
                        .Except(expected)
                        .Except(s_everything.Value)
                        .ShouldBeEmpty("no element, attribute or value of an enumerated attribute comes out of data");
                    page.Scripts.Length.ShouldBe(1);
                    page.All.Where(element =>
                            element.Attributes.Any(attribute =>
                                attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase) || attribute.Name == "style"))
                        .ShouldBeEmpty();
                    page.Scripts.Single().TextContent.ShouldBe(GalleryAssets.Script);
                    page.QuerySelector("style")!.TextContent.ShouldBe(GalleryAssets.Style);
                    page.QuerySelector("h1")!.TextContent.ShouldBe(Html.Clean(title));
                    page.All.Select(element => element.GetAttribute("href"))
                        .OfType<string>()
                        .ShouldAllBe(link => link.StartsWith("https://", StringComparison.Ordinal) || link.StartsWith('#'));
                    page.All.Select(element => element.GetAttribute("src"))
                        .OfType<string>()
                        .ShouldAllBe(source =>
                            source.StartsWith("videos/", StringComparison.Ordinal)
                            && source.EndsWith(".mp4#t=0.001", StringComparison.Ordinal)
                            && source.Count(letter => letter == '/') == 1);
                    IElement[] cards = [.. page.QuerySelectorAll("article")];
                    cards.Length.ShouldBe(items.Length);
                    foreach ((IElement card, GalleryItem item) in cards.Zip(items))
                    {
                        string[] texts = [.. card.QuerySelectorAll("[dir=auto]").Select(element => element.TextContent)];
                        Video video = item.Video;
                        foreach (
                            string text in new[]
                            {
                                video.Prompt,
                                video.Model,
                                video.Id,
                                video.RequestId,
                                video.Sha256,
                                video.Image,
                                video.SourceVideo,
                                video.Note,
                                video.ReferenceImage![0],
                            }
                                .OfType<string>()
                                .Where(text => text.Trim().Length > 0))
                        {
                            texts.ShouldContain(Html.Clean(text));
                        }

                        card.GetAttribute("data-model").ShouldBe(Html.Clean(video.Model));
                        card.GetAttribute("data-status").ShouldBe(Html.Clean(video.Status));
                        card.TextContent.ShouldContain(
                            string.IsNullOrWhiteSpace(video.Error!.Message) ? "" : Html.Clean(video.Error.Message));
                    }

                    string source = page.Source.Text;
                    source.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\t')).ShouldBeFalse();
                    source.ShouldNotContain("ck-abcdefgh12345678");
                },
                iter: Repeats.Of(80));

    [Fact]
    public void The_content_security_policy_is_first_and_allows_exactly_the_content_of_the_page()
    {
        IHtmlDocument page = Parse([Friendly()], "x");
        IElement policy = page.Head!.Children[0];
        policy.GetAttribute("http-equiv").ShouldBe("Content-Security-Policy");
        policy
            .GetAttribute("content")
            .ShouldBe(
                $"default-src 'none'; media-src 'self' file:; img-src 'self' file: data:; style-src 'sha256-{Hash(page.QuerySelector("style")!.TextContent)}'; "
                    + $"script-src 'sha256-{Hash(page.QuerySelector("script")!.TextContent)}'; base-uri 'none'; form-action 'none'");
        page.Source.Text.IndexOf("charset=\"utf-8\"", StringComparison.Ordinal).ShouldBeLessThan(1024, "browsers look no further");
        page.QuerySelectorAll("style, script, meta[http-equiv]").Length.ShouldBe(3);
        page.QuerySelectorAll("link, iframe, object, embed, img, base, form").ShouldBeEmpty();

        static string Hash(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void A_card_shows_all_details()
    {
        IElement card = Parse([Friendly()], "x").QuerySelector("article")!;
        card.QuerySelector("h3")!.TextContent.ShouldBe("A red kite");
        card.QuerySelector("video")!.GetAttribute("src").ShouldBe("videos/kite.mp4#t=0.001");
        card.QuerySelector("video")!.GetAttribute("preload").ShouldBe("none");
        Facts(card)
            .ShouldBe([
                "Model: google/veo-3.1-lite",
                "Length: 6 s",
                "Format: 16:9 · 720P",
                "Cost: $0.15",
                "Latency: 1 min 5 s",
                "File: kite.mp4",
                "Submitted: 2 Jan 2026, 12:00:00 UTC",
                "Id: vid-1",
                "Request id: req-1",
                "SHA-256: abc",
                "Address: https://media.example/a.mp4",
                "Image: https://example.com/a.png",
                "Reference image: /b.png",
                "Note: dawn",
                "Tags: [\"a\",1.5]",
                "Watermark: false",
            ]);
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData(VideoStatus.Failed, "No video: generation failed.", false)]
    [InlineData(VideoStatus.Processing, "In progress when this page was created.", false)]
    [InlineData(VideoStatus.Unknown, "Outcome unknown: the API may have accepted this submission.", false)]
    [InlineData(VideoStatus.Skipped, "Not submitted.", false)]
    [InlineData(VideoStatus.Succeeded, "Finished, but not saved.", true)]
    public void A_card_without_a_file_says_why(string status, string why, bool hasLink)
    {
        GalleryItem item = Friendly();
        (item.Video.Status, item.Video.Path) = (status, null);
        IElement note = Parse([item], "x").QuerySelector(".note")!;
        note.QuerySelector(".absence")!.TextContent.ShouldBe(why);
        note.QuerySelectorAll("a").Select(link => link.GetAttribute("href")).ShouldBe(hasLink ? ["https://media.example/a.mp4"] : []);
        note.QuerySelectorAll("a").ShouldAllBe(link => link.GetAttribute("rel") == "noreferrer noopener");
    }

    [Fact]
    public void A_deleted_file_is_reported_and_a_file_elsewhere_is_shown_as_text()
    {
        GalleryItem gone = Friendly();
        GalleryItem elsewhere = Friendly();
        elsewhere.Video.Path = @"\\server\share\a.mp4";
        elsewhere.Video.Url = new Uri("http://media.example/a.mp4");
        IElement[] notes =
        [
            .. new HtmlParser()
                .ParseDocument(GalleryPage.Render([gone, elsewhere], s_page, "x", DateTime.UnixEpoch, _ => false))
                .QuerySelectorAll(".note"),
        ];
        notes[0].TextContent.ShouldBe("SucceededFile not found: kite.mp4Watch online");
        notes[1].TextContent.ShouldBe(@"SucceededThe file is recorded at another location:\\server\share\a.mp4");
    }

    [Fact]
    public void Very_long_texts_are_truncated_except_the_prompt()
    {
        GalleryItem item = Friendly();
        item.Video.Prompt = new string('p', 10_000);
        item.Video.Image = "data:image/png;base64," + new string('A', 1_000_000);
        string page = GalleryPage.Render([item], s_page, "x", DateTime.UnixEpoch, _ => true);
        page.ShouldContain(item.Video.Prompt);
        page.ShouldContain("… (996,022 more characters)");
        page.Length.ShouldBeLessThan(100_000);
    }

    [Fact]
    public void A_page_without_videos_says_so() =>
        Parse([], "x").QuerySelector("main")!.TextContent.Trim().ShouldBe("No videos yet.");

    [Fact]
    public void The_page_is_the_same_in_every_culture()
    {
        string page = GalleryPage.Render([Friendly()], s_page, "x", DateTime.UnixEpoch, _ => true);
        using InCulture culture = new("ar-SA");
        GalleryPage.Render([Friendly()], s_page, "x", DateTime.UnixEpoch, _ => true).ShouldBe(page);
    }

    private static GalleryItem Friendly() =>
        new(
            new Video
            {
                Id = "vid-1",
                Status = VideoStatus.Succeeded,
                Model = "google/veo-3.1-lite",
                Prompt = "A red kite",
                Duration = 6,
                AspectRatio = "16:9",
                Resolution = "720P",
                Image = "https://example.com/a.png",
                ReferenceImage = ["/b.png"],
                Url = new Uri("https://media.example/a.mp4"),
                Cost = 0.15m,
                Latency = 65,
                Created = new DateTime(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc),
                RequestId = "req-1",
                Sha256 = "abc",
                Path = Path.Combine(s_folder, "videos", "kite.mp4"),
            },
            new OrderedDictionary
            {
                ["Prompt"] = "A red kite",
                ["Duration"] = "6",
                ["Resolution"] = " ",
                ["Note"] = "dawn",
                ["Tags"] = new object[] { "a", 1.5m },
                ["Watermark"] = false,
            });

    // One of four videos that use every part of the page.
    private static GalleryItem Rich(int number)
    {
        GalleryItem item = Friendly();
        Video video = item.Video;
        (video.Id, video.Origin, video.Row, video.Take) = ($"vid-{number}", "https://api.example", 1, number + 1);
        (video.Verdict, video.Rating, video.Note) = (number > 1 ? "Kept" : "Rejected", number + 1, "The best");
        (video.Model, video.FileName) = (number > 1 ? "a" : "b", number > 1 ? "kite" : null);
        item.Columns["Project"] = number > 1 ? "Spring" : number > 0 ? "Autumn" : "";
        item.Columns["Watermark"] = number > 1;
        return item;
    }

    // The same video with harmless texts. Blank texts stay blank and different texts stay different, because that decides what is shown.
    private static GalleryItem Tame(GalleryItem item, GalleryItem[] all)
    {
        Video video = item.Video;
        return new GalleryItem(
            new Video
            {
                Id = Plain(video.Id),
                Status = GalleryText.Statuses.Contains(video.Status)
                    ? video.Status
                    : "x" + Array.FindIndex(all, other => other.Video.Status == video.Status),
                Model = "m" + Array.FindIndex(all, other => other.Video.Model == video.Model),
                Prompt = Plain(video.Prompt),
                AspectRatio = "x",
                Resolution = "x",
                Image = Plain(video.Image),
                ReferenceImage = [Plain(video.ReferenceImage![0])!],
                SourceVideo = Plain(video.SourceVideo),
                Url = video.Url,
                Error = new VideoError { Message = "x" },
                RequestId = Plain(video.RequestId),
                Sha256 = Plain(video.Sha256),
                Path = video.Path,
                Duration = video.Duration,
                Cost = video.Cost,
                Latency = video.Latency,
                Created = video.Created,
                Note = Plain(video.Note),
                Rating = video.Rating,
                Row = video.Row,
                Take = video.Take,
            },
            new OrderedDictionary { ["Column"] = "x" });

        static string? Plain(string? text) => string.IsNullOrWhiteSpace(text) ? "" : "x";
    }

    private static IHtmlDocument Parse(IReadOnlyList<GalleryItem> items, string title) =>
        new HtmlParser().ParseDocument(
            GalleryPage.Render(
                items,
                s_page,
                title,
                new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc),
                file => file.StartsWith(s_folder, StringComparison.Ordinal)));

    // Every element with its attributes, including the values of attributes that only the page itself sets. The data attributes of a card
    // count one by one, because each is there only if its value is known.
    private static string[] Shape(IHtmlDocument page) =>
        [
            .. page
                .All.SelectMany(element => element.Attributes
                    .Where(attribute => attribute.Name.StartsWith("data-", StringComparison.Ordinal))
                    .Select(attribute => $"{element.LocalName}>{attribute.Name}")
                    .Append(element.LocalName + ">" + string.Join(
                        ",",
                        element.Attributes
                            .Where(attribute => !attribute.Name.StartsWith("data-", StringComparison.Ordinal))
                            .Select(attribute =>
                                attribute.Name is "class" or "rel" or "role" or "type" or "name" or "dir" or "preload" or "http-equiv"
                                    ? $"{attribute.Name}={attribute.Value}"
                                    : attribute.Name)
                            .Order(StringComparer.Ordinal))))
                .Distinct(),
        ];

    private static IEnumerable<string> Facts(IElement card) =>
        card.QuerySelectorAll("dt").Select(name => $"{name.TextContent}: {name.NextElementSibling!.TextContent}");
}
