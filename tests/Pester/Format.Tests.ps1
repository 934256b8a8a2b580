BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $sandbox = Start-ChuiziVideoSandbox -GenerationTime 0

    # What a run looks like, with an age that stays.
    $videos = @(
        [Chuizi.Video.Video]@{
            Id = 'vid-1'; Status = 'succeeded'; Model = 'bailian/happyhorse-1.0-t2v'; Duration = 5; Cost = 0.7; Created = [datetime]::UtcNow.AddMinutes(-2)
            Prompt = "a very long prompt`nof a ship in a storm, seen from the coast, with lightning and rain"; Path = "$TestDrive/a name that is longer than its column is wide.mp4"
        }
        [Chuizi.Video.Video]@{ Id = 'vid-2'; Status = 'failed'; Model = 'google/veo-3.1-lite'; Created = [datetime]::UtcNow.AddHours(-5); Prompt = 'forbidden'; Error = @{ Message = 'no' } }
        [Chuizi.Video.Video]@{ Status = 'unknown'; Model = 'of-nobody'; Prompt = 'a' }
    )
    $summary = [Chuizi.Video.VideoSummary]@{
        Total = 3; Succeeded = 1; Saved = 1; Failed = 1; Unknown = 1; Cost = 0.7; CostUnknown = 1; Elapsed = '00:02:20'; MedianLatency = '00:01:00'; LongestLatency = '00:01:00'; ExitCode = 2
        Failures = [Chuizi.Video.VideoFailure]@{ Reason = 'GenerationFailed'; Message = 'no'; Count = 1; Ids = 'vid-2' }
    }

    # An approved picture of the output: the text between the marks, without blanks at the ends of lines.
    function Assert-Shown([object[]] $InputObject, [int] $Width, [string] $Approved) {
        $shown = @(Format-AtWidth $InputObject $Width)
        ($shown | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $Width
        ($shown -join "`n").Trim("`n") | Should -BeExactly $Approved.Replace("`r", '').Trim("`n")
    }
}

AfterAll {
    Stop-ChuiziVideoSandbox
}

Describe 'Videos' {
    It 'fit 80 columns' {
        Assert-Shown $videos 80 @'
Status     Model                     Sec    Cost Age Prompt
------     -----                     ---    ---- --- ------
succeeded  happyhorse-1.0-t2v          5   $0.70  2m a very long prompt of a s…
failed     veo-3.1-lite                           5h forbidden
unknown    of-nobody                                 a
'@
    }

    It 'show their files at 120' {
        Assert-Shown $videos 120 @'
Status     Model                     Sec    Cost Age Prompt                     File
------     -----                     ---    ---- --- ------                     ----
succeeded  happyhorse-1.0-t2v          5   $0.70  2m a very long prompt of a s… a name that is longer than its column i…
failed     veo-3.1-lite                           5h forbidden
unknown    of-nobody                                 a
'@
    }

    It 'come out of a job in the same table' {
        $back = Start-Job { $input } -InputObject $videos[1] | Receive-Job -Wait -AutoRemoveJob
        Format-AtWidth $back 80 | Should -Be (Format-AtWidth $videos[1] 80)
    }

    It 'list every property' {
        $text = Format-AtWidth ($videos[0] | Format-List) 120
        foreach ($name in [Chuizi.Video.Video].GetProperties().Name) {
            $text -match "^$name\s*:" | Should -HaveCount 1 -Because "$name is a property"
        }
    }
}

Describe 'A summary' {
    It 'is a short list' -ForEach 80, 120 {
        Assert-Shown $summary $_ @'
Total          : 3
Succeeded      : 1
Failed         : 1
Processing     : 0
Unknown        : 1
Skipped        : 0
Saved          : 1
Cost           : at least $0.70
Elapsed        : 2m
MedianLatency  : 60s
LongestLatency : 60s
Failures       : 1 GenerationFailed: no
ExitCode       : 2
'@
    }
}

Describe 'Models' {
    It 'fit 80 columns' {
        Assert-Shown (Get-ChuiziVideoModel bailian/*i2v, google/veo-3.1-lite) 80 @'
Name                              Type               Max s   Price Note
----                              ----               -----   ----- ----
bailian/happyhorse-1.0-i2v        image-to-video        15         the ratio fo…
bailian/wan2.6-i2v                image-to-video         5         the image 24…
google/veo-3.1-lite               text-to-video          8         most afforda…
'@
    }

    It 'show their notes at 120, and prices where they are asked for' {
        Assert-Shown (Get-ChuiziVideoModel bailian/*i2v, google/veo-3.1-lite -Online) 120 @'
Name                              Type               Max s   Price Note
----                              ----               -----   ----- ----
bailian/happyhorse-1.0-i2v        image-to-video        15 $0.14/s the ratio follows the image
bailian/wan2.6-i2v                image-to-video         5 $0.08/s the image 240 to 8000 pixels a side
google/veo-3.1-lite               text-to-video          8 $0.03/s most affordable
'@
    }

    It 'show every name and kind whole' {
        $models = Get-ChuiziVideoModel
        $lines = Format-AtWidth $models 80 | Where-Object { $_ }
        foreach ($model in $models) {
            $lines -match "^$([regex]::Escape($model.Name))\s+$($model.Type)\s+$($model.MaximumDuration)\b" | Should -HaveCount 1
        }
    }
}

Describe 'An account' {
    It 'is a short list' {
        Assert-Shown (Get-ChuiziVideoAccount) 80 @"
BaseAddress       : $($sandbox.BaseAddress)
Balance           : `$10000.00
DailyLimit        :
RequestsPerMinute :
AllowedModels     :
"@
    }
}

Describe 'What different commands give in one script' {
    It 'is shown each in a table of its own' {
        $lines = Format-AtWidth @($sandbox; $videos[1]; $summary; $videos[2]) 120
        $lines -match '127\.0\.0\.1' | Should -Not -BeNullOrEmpty
        $lines -match '^failed\s+veo-3.1-lite' | Should -HaveCount 1
        $lines -match '^unknown\s+of-nobody' | Should -HaveCount 1
        $lines -match '^Total\s+: 3' | Should -HaveCount 1
    }
}
