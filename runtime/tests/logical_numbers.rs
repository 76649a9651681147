//! Decimals: their digits, bytes and texts.

use std::fmt::{Debug, Display};
use std::str::FromStr;
use std::time::{Duration, Instant};

use ottla::logical::{BigDecimal, Decimal, DecimalError, LargeDecimal, MinimalBytes};
use proptest::prelude::*;

/// Each value has its text, and each text is read as the value.
fn check<T: Debug + Display + FromStr<Err: Debug> + PartialEq>(
    cases: impl IntoIterator<Item = (T, &'static str)>,
) {
    for (value, text) in cases {
        assert_eq!(value.to_string(), text);
        assert_eq!(text.parse::<T>().expect(text), value, "{text}");
    }
}

/// Texts that are refused, for the reason that follows the sign.
fn check_refuses<T: Debug + FromStr<Err: Display>>(cases: &str) {
    for case in cases.lines().map(str::trim).filter(|case| !case.is_empty()) {
        let (text, reason) = case.split_once(" => ").expect("a case is `text => reason`");
        match text.trim_matches('\'').parse::<T>() {
            Ok(value) => panic!("{text} is read as {value:?}"),
            Err(error) => assert!(error.to_string().ends_with(reason), "{error}"),
        }
    }
}

/// The decimal digits of a number without a sign, one by one: slow, and unlike what is tested.
fn digits(magnitude: &[u8]) -> String {
    let mut digits = vec![0u32];
    for byte in magnitude {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += *digit * 256;
            *digit = carry % 10;
            carry /= 10;
        }
        while carry > 0 {
            digits.push(carry % 10);
            carry /= 10;
        }
    }
    digits.iter().rev().map(|digit| char::from_digit(*digit, 10).expect("a digit")).collect()
}

type Price = Decimal<9, 2>;

#[test]
fn texts_of_decimals() {
    check([
        (Price::from_unscaled(0), "0.00"),
        (Price::from_unscaled(5), "0.05"),
        (Price::from_unscaled(-5), "-0.05"),
        (Price::from_unscaled(1234), "12.34"),
        (Price::from_unscaled(999_999_999), "9999999.99"),
        (Price::from_unscaled(-999_999_999), "-9999999.99"),
    ]);
    check([(Decimal::<3, 0>::from_unscaled(-7), "-7")]);
    check([(Decimal::<2, 2>::from_unscaled(99), "0.99")]);
    check([(Decimal::<38, 38>::from_unscaled(1), "0.00000000000000000000000000000000000001")]);
    check([(Decimal::<38, 0>::from_unscaled(10i128.pow(38) - 1), "99999999999999999999999999999999999999")]);
    for text in ["1", "+1", "01", "1.0", "1.000", "00000000000000000000000000000000000000000000001.00"] {
        assert_eq!(text.parse::<Price>().expect(text), Price::from_unscaled(100), "{text}");
    }
    assert_eq!("-0".parse::<Price>().expect("zero"), Price::default());
    assert_eq!(
        format!("{:>8}|{:<8}|{:+}", Price::from_unscaled(1234), Price::from_unscaled(-5), Price::default()),
        "   12.34|-0.05   |+0.00"
    );
    assert_eq!(format!("{:?}", Price::from_unscaled(1234)), "Decimal(12.34)");
}

#[test]
fn texts_that_are_no_decimal() {
    const FORM: &str = "a number is written as digits, with a sign before and a point between if need be";
    for text in ["", "-", ".", "1.", ".5", "+-1", "a", "１"] {
        check_refuses::<Price>(&format!("'{text}' => {FORM}"));
    }
    check_refuses::<Price>(
        "1e3 => more follows after its end
         1.2.3 => more follows after its end
         1,5 => more follows after its end
         12.345 => the number has more than 2 digits after the decimal point
         0.001 => the number has more than 2 digits after the decimal point
         10000000 => the number has more than 9 digits
         -10000000.00 => the number has more than 9 digits",
    );
    check_refuses::<Decimal<38, 0>>(
        "100000000000000000000000000000000000000 => the number has more than 38 digits
         -170141183460469231731687303715884105729 => the number has more than 38 digits
         99999999999999999999999999999999999999999999999999999999999999 => the number has more than 38 digits",
    );
}

/// What breaks the precision of its type is kept, shown, and told.
#[test]
fn decimals_beyond_their_precision() {
    let error = DecimalError::Precision { precision: 9 };
    for unscaled in [1_000_000_000, -1_000_000_000, i128::MAX, i128::MIN] {
        assert_eq!(Price::new(unscaled), Err(error));
        assert_eq!(Price::try_from(unscaled), Err(error));
        let kept = Price::from_be_bytes(&unscaled.to_be_bytes()).expect("128 bits");
        assert_eq!((kept.unscaled(), kept.check()), (unscaled, Err(error)));
    }
    assert_eq!(Price::from_unscaled(i128::MIN).to_string(), "-1701411834604692317316873037158841057.28");
    assert_eq!(Price::new(999_999_999).map(i128::from), Ok(999_999_999));
    assert_eq!(Decimal::<38, 0>::new(i128::MAX), Err(DecimalError::Precision { precision: 38 }));
}

#[test]
fn other_scales() {
    assert_eq!(Price::rescaled(1, 0), Price::new(100));
    assert_eq!(Price::rescaled(12_340, 3), Price::new(1234));
    assert_eq!(Price::rescaled(12_345, 3), Err(DecimalError::Scale { scale: 2 }));
    assert_eq!(Price::rescaled(i128::MAX, 0), Err(DecimalError::Precision { precision: 9 }));
    assert_eq!(Price::rescaled(0, u32::MAX), Price::new(0));
    assert_eq!(Price::rescaled(i128::MIN, u32::MAX), Err(DecimalError::Scale { scale: 2 }));
    assert_eq!(Decimal::<38, 38>::rescaled(1, 0), Err(DecimalError::Precision { precision: 38 }));
    assert_eq!(Decimal::<38, 37>::rescaled(-9, 0).map(i128::from), Ok(-9 * 10i128.pow(37)));
}

/// Numbers and the bytes that Java's `BigInteger.toByteArray` gives.
#[test]
fn the_shortest_bytes() {
    let cases: [(i128, &[u8]); 14] = [
        (0, &[0]),
        (1, &[1]),
        (-1, &[0xff]),
        (127, &[0x7f]),
        (128, &[0, 0x80]),
        (-128, &[0x80]),
        (-129, &[0xff, 0x7f]),
        (255, &[0, 0xff]),
        (-256, &[0xff, 0]),
        (999_999_999, &[0x3b, 0x9a, 0xc9, 0xff]),
        (-999_999_999, &[0xc4, 0x65, 0x36, 0x01]),
        (999_999_999_999, &[0x00, 0xe8, 0xd4, 0xa5, 0x0f, 0xff]),
        (i128::MAX, &[0x7f, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255]),
        (i128::MIN, &[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ];
    for (number, bytes) in cases {
        assert_eq!(&*MinimalBytes::of(number), bytes);
        assert_eq!(&*Decimal::<38, 0>::from_unscaled(number).to_be_bytes_minimal(), bytes);
        assert_eq!(LargeDecimal::<40, 0>::from_i128(number).expect("40 digits").as_be_bytes_minimal(), bytes);
        assert_eq!(BigDecimal::new(number, 0).as_be_bytes_minimal(), bytes);
    }
}

#[test]
fn bytes_that_are_not_the_shortest() {
    let read = |bytes: &[u8]| Decimal::<38, 0>::from_be_bytes(bytes).map(Decimal::unscaled);
    assert_eq!(read(&[]), Some(0));
    assert_eq!(read(&[0; 40]), Some(0));
    assert_eq!(read(&[0xff; 40]), Some(-1));
    assert_eq!(read(&[0xff, 0xff, 0x7f]), Some(-129));
    assert_eq!(read(&[&[0; 9][..], &i128::MAX.to_be_bytes()].concat()), Some(i128::MAX));
    assert_eq!(read(&[&[0xff; 9][..], &i128::MIN.to_be_bytes()].concat()), Some(i128::MIN));
    // One more bit than there is room for, of either sign.
    assert_eq!(read(&[&[0][..], &[0x80; 16]].concat()), None);
    assert_eq!(read(&[&[0xff][..], &[0x7f; 16]].concat()), None);
    assert_eq!(read(&[1; 17]), None);
    for bytes in [&[][..], &[0], &[0; 40]] {
        assert_eq!(LargeDecimal::<40, 0>::from_be_bytes(bytes), LargeDecimal::default());
        assert_eq!(BigDecimal::from_be_bytes(bytes, 0), BigDecimal::default());
    }
    assert_eq!(LargeDecimal::<40, 0>::from_be_bytes(&[0xff, 0xff, 0x7f]).as_be_bytes_minimal(), [0xff, 0x7f]);
}

#[test]
fn bytes_of_a_fixed() {
    assert_eq!(
        Decimal::<14, 1>::from_unscaled(99_999_999_999_999).to_fixed(),
        Some([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x5a, 0xf3, 0x10, 0x7a, 0x3f, 0xff])
    );
    assert_eq!(Price::from_unscaled(-2).to_fixed(), Some([0xff, 0xff, 0xff, 0xfe]));
    assert_eq!(Price::from_unscaled(-2).to_fixed(), Some([0xfe]));
    assert_eq!(Price::from_unscaled(128).to_fixed::<1>(), None);
    assert_eq!(Price::from_unscaled(-129).to_fixed::<1>(), None);
    assert_eq!(Price::from_unscaled(i128::MIN).to_fixed::<15>(), None);
    assert_eq!(Price::default().to_fixed::<0>(), None);
    let wide: [u8; 20] = Price::from_unscaled(i128::MIN).to_fixed().expect("20 bytes are enough");
    assert_eq!(Price::from_be_bytes(&wide), Some(Price::from_unscaled(i128::MIN)));
    assert_eq!(LargeDecimal::<60, 0>::from_be_bytes(&[0x80]).to_fixed(), Some([0xff, 0x80]));
    assert_eq!(LargeDecimal::<60, 0>::from_be_bytes(&[0, 0x80]).to_fixed::<1>(), None);
}

type Large = LargeDecimal<50, 10>;

#[test]
fn large_decimals() {
    let nines = "9".repeat(40) + "." + &"9".repeat(10);
    let most: Large = nines.parse().expect("50 digits");
    assert_eq!(most.to_string(), nines);
    assert_eq!(most.check(), Ok(()));
    assert_eq!(most.unscaled(), None);
    check([
        (Large::default(), "0.0000000000"),
        (Large::from_i128(-1).expect("one digit"), "-0.0000000001"),
        (Large::from_i128(12_345_678_901_234_567_890).expect("20 digits"), "1234567890.1234567890"),
    ]);
    check_refuses::<Large>(
        "10000000000000000000000000000000000000000 => the number has more than 50 digits
         0.00000000001 => the number has more than 10 digits after the decimal point
         1e5 => more follows after its end",
    );
    let error = DecimalError::Precision { precision: 50 };
    assert_eq!(Large::new(&[0x7f; 30]), Err(error));
    assert_eq!(Large::from_be_bytes(&[0x80; 30]).check(), Err(error));
    assert_eq!(format!("{:?}", Large::default()), "LargeDecimal(0.0000000000)");
}

/// The first number with too many digits, and the last without, for each precision and sign.
#[test]
fn the_limit_of_a_precision() {
    fn limit<const PRECISION: u32>() {
        let fits = |text: &str| {
            let one_more: LargeDecimal<1000, 0> = text.parse().expect("up to 1000 digits");
            LargeDecimal::<PRECISION, 0>::new(one_more.as_be_bytes_minimal()).is_ok()
        };
        let (last, first) =
            ("9".repeat(PRECISION as usize), "1".to_owned() + &"0".repeat(PRECISION as usize));
        assert!(fits(&last) && fits(&format!("-{last}")), "{PRECISION} digits");
        assert!(!fits(&first) && !fits(&format!("-{first}")), "one more than {PRECISION} digits");
    }
    limit::<1>();
    limit::<2>();
    limit::<3>();
    limit::<9>();
    limit::<10>();
    limit::<18>();
    limit::<19>();
    limit::<28>();
    limit::<38>();
    limit::<39>();
    limit::<77>();
    limit::<154>();
    limit::<309>();
    limit::<999>();
}

#[test]
fn powers_of_two_are_the_longest_negative_numbers_of_their_bytes() {
    // 128 has three digits, and as -128 one byte.
    assert!(LargeDecimal::<2, 0>::new(&[0x80]).is_err());
    assert!(LargeDecimal::<3, 0>::new(&[0x80]).is_ok());
    assert!(LargeDecimal::<4, 0>::new(&[0x80, 0]).is_err());
    assert_eq!(LargeDecimal::<9, 0>::from_be_bytes(&[0x80, 0]).to_string(), "-32768");
}

#[test]
fn large_decimals_in_order() {
    let numbers = [
        "-340282366920938463463374607431768211457",
        "-256",
        "-255",
        "-129",
        "-128",
        "-1",
        "0",
        "1",
        "127",
        "128",
        "255",
        "256",
        "340282366920938463463374607431768211457",
    ];
    let numbers: Vec<LargeDecimal<40, 0>> =
        numbers.iter().map(|text| text.parse().expect("a number")).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
}

/// Texts are those of Java's `BigDecimal.toString`.
#[test]
fn big_decimals() {
    check([
        (BigDecimal::default(), "0"),
        (BigDecimal::new(0, 2), "0.00"),
        (BigDecimal::new(0, 6), "0.000000"),
        (BigDecimal::new(0, 7), "0E-7"),
        (BigDecimal::new(0, -2), "0E+2"),
        (BigDecimal::new(123, 0), "123"),
        (BigDecimal::new(-123, 0), "-123"),
        (BigDecimal::new(123, -1), "1.23E+3"),
        (BigDecimal::new(123, -3), "1.23E+5"),
        (BigDecimal::new(123, 1), "12.3"),
        (BigDecimal::new(123, 5), "0.00123"),
        (BigDecimal::new(123, 8), "0.00000123"),
        (BigDecimal::new(123, 9), "1.23E-7"),
        (BigDecimal::new(-123, 12), "-1.23E-10"),
        (BigDecimal::new(1, -3), "1E+3"),
        (BigDecimal::new(1, i32::MAX), "1E-2147483647"),
        (BigDecimal::new(1, i32::MIN), "1E+2147483648"),
        (BigDecimal::new(12, i32::MIN), "1.2E+2147483649"),
        (BigDecimal::new(i128::MIN, 0), "-170141183460469231731687303715884105728"),
    ]);
    for (text, value) in
        [("1e3", BigDecimal::new(1, -3)), ("+1.50E1", BigDecimal::new(150, 1)), ("007", BigDecimal::from(7))]
    {
        assert_eq!(text.parse::<BigDecimal>().expect(text), value, "{text}");
    }
    assert_ne!(BigDecimal::new(10, 1), BigDecimal::new(100, 2));
    check_refuses::<BigDecimal>(
        "1e => an exponent is a number of up to 12 digits
         1e+ => an exponent is a number of up to 12 digits
         1e9999999999999 => an exponent is a number of up to 12 digits
         1e2147483649 => 32 bits do not hold its scale
         1e-2147483648 => 32 bits do not hold its scale
         1e5.5 => more follows after its end
         e5 => a number is written as digits, with a sign before and a point between if need be",
    );
}

/// The parts of the values of `case/big_decimal` of the corpus.
#[test]
fn big_decimals_of_java() {
    let bytes = [0x08, 0x45, 0x95, 0x16, 0x14, 0x01, 0x48, 0x49, 0xff, 0xff, 0xff];
    let number = BigDecimal::from_be_bytes(&bytes, 10);
    assert_eq!((number.as_be_bytes_minimal(), number.scale()), (&bytes[..], 10));
    assert_eq!(number.to_string(), "999999999999999.9999999999");
    let negative = BigDecimal::from_be_bytes(&[0xf7, 0xba, 0x6a, 0xe9, 0xeb, 0xfe, 0xb7, 0xb6, 0, 0, 1], -3);
    assert_eq!(negative.to_string(), "-9.999999999999999999999999E+27");
}

/// Neither long numbers nor great scales take long or make long texts.
#[test]
fn hostile_numbers() {
    let start = Instant::now();
    let long = vec![0x7f; 1 << 20];
    let text = BigDecimal::from_be_bytes(&long, 2).to_string();
    assert!(text.starts_with("0x7f7f") && text.ends_with("7f*10^-2") && text.len() < 2 * long.len() + 20);
    assert!(LargeDecimal::<50, 0>::from_be_bytes(&long).to_string().ends_with("7f*10^0"));
    assert!(
        BigDecimal::from_be_bytes(&[&[0x80][..], &long].concat(), i32::MIN)
            .to_string()
            .starts_with("-0x7f8080")
    );
    assert_eq!(
        LargeDecimal::<50, 0>::from_be_bytes(&long).check(),
        Err(DecimalError::Precision { precision: 50 })
    );
    assert!(LargeDecimal::<{ u32::MAX }, 0>::from_be_bytes(&long).check().is_ok());

    assert_eq!(
        LargeDecimal::<{ u32::MAX }, { u32::MAX }>::from_be_bytes(&[12]).to_string(),
        "1.2E-4294967294"
    );
    assert_eq!("0".parse(), Ok(LargeDecimal::<{ u32::MAX }, { u32::MAX }>::default()));
    assert!("1".parse::<LargeDecimal<{ u32::MAX }, { u32::MAX }>>().is_err());

    let nines = "9".repeat(10_000);
    let longest: BigDecimal = nines.parse().expect("10000 digits");
    assert_eq!(longest.to_string(), nines);
    assert!((nines.clone() + "9").parse::<BigDecimal>().is_err());
    assert!("9".repeat(1 << 20).parse::<BigDecimal>().is_err());
    assert!((nines + "9").parse::<LargeDecimal<20_000, 0>>().is_err());
    assert_eq!("0".repeat(1 << 20).parse::<BigDecimal>(), Ok(BigDecimal::default()));
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

proptest! {
    #[test]
    fn decimals_are_read_back(unscaled in -10i128.pow(38) + 1..10i128.pow(38), any: i128) {
        type Wide = Decimal<38, 11>;
        let decimal = Wide::new(unscaled).expect("38 digits");
        prop_assert_eq!(decimal.to_string().parse::<Wide>(), Ok(decimal));
        let kept = Wide::from_unscaled(any);
        prop_assert_eq!(Wide::from_be_bytes(&kept.to_be_bytes_minimal()), Some(kept));
        let fixed: [u8; 16] = kept.to_fixed().expect("128 bits");
        prop_assert_eq!(fixed, any.to_be_bytes());
        prop_assert_eq!(Wide::from_be_bytes(&fixed), Some(kept));
    }

    /// No number has shorter bytes, and those of all three types are the same.
    #[test]
    fn bytes_of_any_length(bytes in proptest::collection::vec(prop_oneof![Just(0u8), Just(0xff), any::<u8>()], 0..40)) {
        let large = LargeDecimal::<200, 3>::new(&bytes).expect("at most 97 digits");
        let minimal = large.as_be_bytes_minimal();
        prop_assert!(!minimal.is_empty());
        if let [first, second, ..] = minimal {
            prop_assert!(!matches!((first, second >> 7), (0, 0) | (0xff, 1)), "{minimal:?}");
        }
        let big = BigDecimal::from_be_bytes(&bytes, 3);
        prop_assert_eq!(big.as_be_bytes_minimal(), minimal);
        let small = Decimal::<38, 3>::from_be_bytes(&bytes);
        prop_assert_eq!(small.is_some(), minimal.len() <= 16);
        if let Some(small) = small {
            prop_assert_eq!(&*small.to_be_bytes_minimal(), minimal);
            prop_assert_eq!(small.to_string(), large.to_string());
        }
        prop_assert_eq!(large.to_string().parse(), Ok(large.clone()));
        prop_assert_eq!(big.to_string().parse(), Ok(big));
    }

    #[test]
    fn digits_are_those_of_slow_arithmetic(magnitude in proptest::collection::vec(any::<u8>(), 0..60)) {
        let text = digits(&magnitude);
        let positive = BigDecimal::from_be_bytes(&[&[0][..], &magnitude].concat(), 0);
        let trimmed = text.trim_start_matches('0');
        let text = if trimmed.is_empty() { "0" } else { trimmed };
        prop_assert_eq!(positive.to_string(), text);
        let negative: BigDecimal = format!("-{text}").parse().expect("digits");
        let negative_text = negative.to_string();
        prop_assert_eq!(negative_text.trim_start_matches('-'), text);
        // A number and its negative make zero, whatever carries.
        let sum = add(positive.as_be_bytes_minimal(), negative.as_be_bytes_minimal());
        prop_assert!(sum.iter().all(|&byte| byte == 0), "{sum:?}");
    }

    #[test]
    fn large_decimals_are_ordered_by_value(a: i128, b: i128, cut in 0u32..120) {
        let large = |number: i128| LargeDecimal::<40, 0>::from_i128(number).expect("40 digits");
        prop_assert_eq!(large(a >> cut).cmp(&large(b)), (a >> cut).cmp(&b));
    }

    #[test]
    fn any_scale(unscaled: i128, scale: i32) {
        let number = BigDecimal::new(unscaled, scale);
        prop_assert_eq!((number.unscaled(), number.scale()), (Some(unscaled), scale));
        let text = number.to_string();
        prop_assert!(text.len() < 60, "{text}");
        prop_assert_eq!(text.parse(), Ok(number));
    }

    #[test]
    fn any_text(text in "[-+0-9.eE]{0,30}") {
        if let Ok(number) = text.parse::<BigDecimal>() {
            prop_assert_eq!(number.to_string().parse(), Ok(number));
        }
        if let Ok(number) = text.parse::<Price>() {
            prop_assert_eq!(number.to_string().parse(), Ok(number));
            prop_assert!(number.check().is_ok());
            prop_assert_eq!(text.parse::<LargeDecimal<9, 2>>().map(|large| large.unscaled()), Ok(Some(number.unscaled())));
        } else {
            prop_assert!(text.parse::<LargeDecimal<9, 2>>().is_err());
        }
    }
}

/// The sum of two numbers in two's complement, in 80 bytes.
fn add(a: &[u8], b: &[u8]) -> [u8; 80] {
    let wide =
        |bytes: &[u8]| -> [u8; 80] { LargeDecimal::<1, 0>::from_be_bytes(bytes).to_fixed().expect("short") };
    let (a, b) = (wide(a), wide(b));
    let mut sum = [0; 80];
    let mut carry = 0;
    for place in (0..80).rev() {
        carry += u16::from(a[place]) + u16::from(b[place]);
        sum[place] = carry as u8;
        carry >>= 8;
    }
    sum
}
