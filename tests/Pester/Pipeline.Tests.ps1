BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $sandbox = Start-ChuiziVideoSandbox -GenerationTime 0
    function Get-Balance { (Get-ChuiziVideoAccount).Balance }
}

AfterAll {
    Stop-ChuiziVideoSandbox
}

Describe 'The pipeline over the example list' {
    BeforeAll {
        $rows = Import-Csv "$examples/prompts.csv"
        $before = Get-Balance
        Push-Location $examples
        try {
            $videos = @($rows | New-ChuiziVideo -WarningVariable warnings | Wait-ChuiziVideo -ErrorVariable failures -ErrorAction SilentlyContinue |
                    Save-ChuiziVideo -Destination $TestDrive/all)
        }
        finally {
            Pop-Location
        }

        $saved = @($videos | Where-Object Path)
    }

    It 'covers every model and every type' {
        $models = Get-ChuiziVideoModel
        $rows.Model | Where-Object { $_ } | Sort-Object -Unique | Should -Be ($models.Name | Sort-Object)
        ($videos.Model | Get-ChuiziVideoModel).Type | Sort-Object -Unique | Should -Be ($models.Type | Sort-Object -Unique)
    }

    It 'gives no warning' {
        $warnings | Should -BeNullOrEmpty
    }

    It 'returns one video for each row, with the row as Input' {
        $videos.Count | Should -Be $rows.Count
        $videos.Input.Prompt | Sort-Object | Should -Be ($rows.Prompt | Sort-Object)
        $videos[0].Input.PSObject.Properties.Name | Should -Be $rows[0].PSObject.Properties.Name
    }

    It 'saves every video except the refused one' {
        $saved.Count | Should -Be ($rows.Count - 1)
        ($videos | Where-Object { -not $_.Path }).Prompt | Should -Match 'Forbidden'
    }

    It 'writes one error, for the refused video' {
        $failures.Count | Should -Be 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'GenerationFailed,*'
        $failures[0].TargetObject.Error.Message | Should -Be 'Content policy violation'
    }

    It 'names the files after the FileName column, or after the id' {
        foreach ($video in $saved) {
            $name = $video.Input.FileName ? [IO.Path]::ChangeExtension($video.Input.FileName, '.mp4') : "$($video.Id).mp4"
            Split-Path $video.Path -Leaf | Should -Be $name
        }
    }

    It 'leaves only complete MP4 files with the reported hash' {
        (Get-ChildItem $TestDrive/all).FullName | Sort-Object | Should -Be ($saved.Path | Sort-Object)
        foreach ($video in $saved) {
            [Text.Encoding]::ASCII.GetString((Get-Content $video.Path -AsByteStream -TotalCount 8), 4, 4) | Should -Be 'ftyp'
            (Get-FileHash $video.Path -Algorithm SHA256).Hash | Should -Be $video.Sha256
        }
    }

    It 'costs the sum of the Cost properties' {
        $before - (Get-Balance) | Should -Be ($saved.Cost | ForEach-Object { $sum = [decimal] 0 } { $sum += $_ } { $sum })
        $saved.Cost | Should -BeOfType [decimal]
    }
}

Describe 'Input' {
    It 'accepts JSON rows with the parameter names of the API' {
        $json = '[{"prompt":"a lake","model":"bailian/wan2.6-i2v","duration":5,"image_url":"https://example.com/lake.png","watermark":false}]'
        $video = $json | ConvertFrom-Json | New-ChuiziVideo
        $video.Image | Should -Be 'https://example.com/lake.png'
        $video.Duration | Should -Be 5
        $video | Wait-ChuiziVideo | ForEach-Object Status | Should -Be 'succeeded'
    }

    It 'accepts CSV with another delimiter' {
        $video = 'Prompt;Duration', 'a lake;4' | ConvertFrom-Csv -Delimiter ';' | New-ChuiziVideo
        $video.Prompt | Should -Be 'a lake'
        $video.Duration | Should -Be 4
    }

    It 'treats a blank cell as omitted' {
        $video = 'Prompt,Model,Duration', 'a lake,,' | ConvertFrom-Csv | New-ChuiziVideo
        $video.Model | Should -Be 'google/veo-3.1-lite'
        $video.Duration | Should -BeNullOrEmpty
    }

    It 'accepts JSON lines, lines of text, hashtables and splatting' {
        Set-Content $TestDrive/rows.jsonl '{"prompt":"a lake","aspect_ratio":"16:9"}', '{"prompt":"a hill","duration":6}'
        Set-Content $TestDrive/prompts.txt 'a river', 'a sea'
        $row = @{ Prompt = 'a wood'; Model = 'veo-3.1-fast'; Duration = 4 }
        $videos = @(
            Get-Content $TestDrive/rows.jsonl | ConvertFrom-Json | New-ChuiziVideo
            Get-Content $TestDrive/prompts.txt | New-ChuiziVideo
            $row | New-ChuiziVideo
            New-ChuiziVideo @row
        )
        $videos.Prompt | Should -Be 'a lake', 'a hill', 'a river', 'a sea', 'a wood', 'a wood'
        $videos[0].AspectRatio | Should -Be '16:9'
        $videos[1].Duration | Should -Be 6
        $videos[4, 5].Model | Should -Be 'google/veo-3.1-fast', 'google/veo-3.1-fast'
        $videos[2].Input | Should -Be 'a river'
    }

    It 'accepts script blocks that read columns with other names' {
        $videos = 'Text;Seconds;Engine', 'a lake;6;veo-3.1-fast', 'a hill;4;' | ConvertFrom-Csv -Delimiter ';' |
            New-ChuiziVideo -Prompt { "$($_.Text), at dawn" } -Duration { $_.Seconds } -Model { $_.Engine }
        $videos.Prompt | Should -Be 'a lake, at dawn', 'a hill, at dawn'
        $videos.Duration | Should -Be 6, 4
        $videos.Model | Should -Be 'google/veo-3.1-fast', 'google/veo-3.1-lite'

        $rows = $videos | ForEach-Object { [pscustomobject]@{ Task = $_.Id; Name = "n$($_.Duration)" } }
        $saved = $rows | Wait-ChuiziVideo -Id { $_.Task } | Save-ChuiziVideo -Destination $TestDrive/named -FileName { $_.Input.Name }
        $saved.Path | Split-Path -Leaf | Sort-Object | Should -Be 'n4.mp4', 'n6.mp4'
    }

    It 'sends nothing when a row is bad, and reports the row and the reason' {
        $before = Get-Balance
        $videos = 'Prompt,Duration', 'a lake,4', 'a hill,soon' | ConvertFrom-Csv | New-ChuiziVideo -ErrorVariable failures -ErrorAction SilentlyContinue
        $videos | Should -BeNullOrEmpty
        $failures.Count | Should -Be 1
        "$($failures[0])" | Should -Match 'Row 2.*Duration.*soon'
        Get-Balance | Should -Be $before
    }

    It 'never uses a row without a Prompt as the prompt' {
        [pscustomobject]@{ Text = 'a lake' } | New-ChuiziVideo -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        "$($failures[0])" | Should -Match 'Prompt.*Text'
    }

    It 'reports an empty list' {
        @() | New-ChuiziVideo -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'NoInput,*'
    }
}

Describe '-WhatIf' {
    It 'submits nothing, while the same command without -WhatIf does' {
        $before = Get-Balance
        'a lake', 'a hill' | New-ChuiziVideo -WhatIf | Should -BeNullOrEmpty
        Get-Balance | Should -Be $before
        'a lake', 'a hill' | New-ChuiziVideo | Should -HaveCount 2
        Get-Balance | Should -BeLessThan $before
    }

    It 'saves nothing' {
        New-ChuiziVideo 'a lake' | Wait-ChuiziVideo | Save-ChuiziVideo -Destination $TestDrive/whatif -WhatIf
        "$TestDrive/whatif" | Should -Not -Exist
    }

    It 'needs no connection' {
        $run = Invoke-Console "Import-Module '$moduleFolder'; New-ChuiziVideo 'a lake' -WhatIf"
        $run.Code | Should -Be 0
        $run.Lines -match 'What if:.*a lake' | Should -HaveCount 1
    }
}

Describe '-ErrorAction Stop' {
    It 'throws for a refused video after all others are output' {
        $videos = [Collections.Generic.List[object]]::new()
        { 'forbidden', 'a lake', 'a hill' | New-ChuiziVideo | Wait-ChuiziVideo -ErrorAction Stop | ForEach-Object { $videos.Add($_) } } |
            Should -Throw -ErrorId 'GenerationFailed,*'
        $videos.Status | Sort-Object | Should -Be 'failed', 'succeeded', 'succeeded'
    }

    It 'saves the other videos before it throws' {
        { 'forbidden', 'a lake' | New-ChuiziVideo -ErrorAction Stop | Wait-ChuiziVideo -ErrorAction Stop |
                Save-ChuiziVideo -Destination $TestDrive/stop -ErrorAction Stop } | Should -Throw -ErrorId 'GenerationFailed,*'
        Get-ChildItem $TestDrive/stop -Filter *.mp4 | Should -HaveCount 1
    }

    It 'throws for a bad row' {
        { 'Prompt,Duration', 'a hill,soon' | ConvertFrom-Csv | New-ChuiziVideo -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidInput,*'
    }

    It 'throws for an id that does not exist' {
        { Get-ChuiziVideo 'vid-none' -ErrorAction Stop } | Should -Throw -ErrorId 'VideoNotFound,*'
    }
}

Describe 'A session without a connection' {
    It 'reports NotConnected and recommends Connect-ChuiziVideo' {
        $run = Invoke-Console "Import-Module '$moduleFolder'; New-ChuiziVideo 'a lake'; `$Error[0].FullyQualifiedErrorId"
        $run.Lines -match '^NotConnected,' | Should -HaveCount 1
        "$($run.Lines)" | Should -Match 'Connect-ChuiziVideo' -Because 'the way out is named'
    }
}
